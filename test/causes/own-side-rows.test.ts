/** Faults on the asker's own side: an address or a network of his that is somebody else's, and what comes home to him. */
import { expect, it } from 'vitest';
import type { Passage } from '../../src/model/sighting.ts';
import { type Decoy, examine, type Row } from './examine.ts';
import { address, link, neighbour } from './lab-state.ts';
import { decision, dropped, healthy, type Lab, lostAt, silent } from './scene.ts';
import { describeCauses } from './table.ts';

/** A asks itself for an address that it holds on lo. */
function askingItself(asked: string): Lab {
  const lab = lostAt(healthy(), 0);
  lab.flow.address = asked;
  lab.path.realDestination = asked;
  lab.path.ending = 'container';
  lab.path.sourceRoute = decision({ dev: 'lo', type: 'local', table: 'local' }) as Lab['path']['sourceRoute'];
  const lo = lab.stacks.container.links.find(({ kind }) => kind === 'loopback')!;
  lo.addresses.push(address(`${asked}/32`) as never);
  lab.symptom = { kind: 'refused', errno: 'ECONNREFUSED', from: asked, says: null, bornAt: null };
  return lab;
}

/** A runs containers of its own, on a bridge with this address. */
function nested(own: string, answered = true): Lab {
  const lab = lostAt(healthy(), 0);
  lab.stacks.container.links.push(link(9, 'docker0', 'bridge', { addresses: [address(own)] }) as never);
  lab.path.sourceRoute = decision({ dev: 'docker0' }) as Lab['path']['sourceRoute'];
  lab.control = { asked: true, answered, outcomes: [], says: '' };
  return lab;
}

/** Behind up0 as a tunnel stands an entry that an agent set. */
function fixedEntry(kind: string): Lab {
  const lab = silent(healthy());
  lab.path.hops.find(({ id }) => id === 'host/up0')!.kind = kind;
  lab.control = { asked: true, answered: false, outcomes: [], says: '' };
  const { neighbours } = lab.stacks.host;
  const gateway = neighbours.find((one) => one.address === '192.0.2.2');
  if (gateway) gateway.state = ['PERMANENT'];
  else neighbours.push(neighbour('192.0.2.2', 'up0', '02:00:00:00:02:02', 'PERMANENT') as never);
  return lab;
}

const rows: Row[] = [
  {
    id: 'destination-is-local',
    when: 'the container holds the address of its host',
    lab: () => askingItself('192.0.2.1'),
    sure: 'proved',
    says: /192\.0\.2\.1 is an address of the container too \(on lo\)/,
    fix: ['ip addr del 192.0.2.1/32 dev lo'].map(
      (line) => `nsenter --net=${healthy().target.netns.path} ${line}`,
    ),
  },
  {
    id: 'subnet-overlap',
    when: 'the inner docker0 has the network of the destination',
    lab: () => nested('198.51.100.254/24'),
    sure: 'proved',
    says: /docker0 of the container has the network of 198\.51\.100\.1/,
  },
];

const decoys: Decoy[] = [
  {
    id: 'destination-is-local',
    when: 'an address that nobody else has',
    lab: () => askingItself('10.99.0.9'),
  },
  { id: 'subnet-overlap', when: 'the inner docker0 is elsewhere', lab: () => nested('172.17.0.1/16') },
  {
    id: 'subnet-overlap',
    when: 'a private neighbour on the own link that nobody answers for',
    lab: () => {
      const lab = nested('10.7.0.1/24', false);
      lab.flow.address = '10.7.0.9';
      return lab;
    },
  },
  {
    id: 'subnet-overlap',
    when: 'a child of the uplink on the wire of that network, where the host gets no answer either',
    lab: () => {
      const lab = nested('198.51.100.254/24', false);
      lab.stacks.container.links.find(({ name }) => name === 'docker0')!.kind = 'macvlan';
      return lab;
    },
  },
  {
    id: 'neighbour-stale',
    when: 'a fixed entry of a tunnel, where nothing says that its address is wrong',
    lab: () => fixedEntry('vxlan'),
  },
];

describeCauses(rows, decoys, ['destination-is-local', 'subnet-overlap']);

it('believes in a wrong fixed entry of a tunnel where a frame was thrown away for its address', () => {
  const lab = dropped(fixedEntry('vxlan'), 'OTHERHOST', 'ip_rcv_core', 'up0');
  expect(examine('neighbour-stale', lab)).not.toBeNull();
  expect(examine('neighbour-stale', fixedEntry('uplink'))).not.toBeNull();
});

it('calls nobody silent whose request came home', () => {
  const passage = (heading: 'in' | 'out', at: number): Passage =>
    ({ kind: 'request', hop: 'host/up0', device: 'up0', heading, probe: 0, at }) as Passage;
  const lab = silent(healthy());
  expect(examine('no-reply-from-destination', lab)).not.toBeNull();
  lab.passages = [passage('out', 10), passage('in', 30)] as never;
  expect(examine('no-reply-from-destination', lab)).toBeNull();
  lab.passages = [passage('in', 10), passage('out', 30)] as never;
  expect(examine('no-reply-from-destination', lab)).not.toBeNull();
});
