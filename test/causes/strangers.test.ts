/** Who answers in the place of a container, and who hears what a child on the uplink's wire does not. */
import { describe, expect, it } from 'vitest';
import { sighting } from '../examples/sighting.ts';
import { asking, listener } from './asking.ts';
import { examine } from './examine.ts';
import { neighbour, route } from './lab-state.ts';
import { healthy, type Lab, linkOf, lostAt } from './scene.ts';

describe('a program of the host on a port that a container publishes elsewhere', () => {
  /** The host asks its own 192.0.2.1:8080, and `process` answers; the container publishes on `hostAddress`. */
  function answered(process: string, hostAddress: string): Lab {
    const lab = asking('to-host', 'tcp', 8080);
    Object.assign(lab.flow, { from: 'host', address: '192.0.2.1', to: '192.0.2.1:8080' });
    lab.path.ending = 'host';
    lab.target.ports = [{ proto: 'tcp', hostAddress, hostPort: 8080, containerPort: 80 }];
    lab.listeners = [listener({ side: 'host', address: '192.0.2.1', port: 8080, process }) as never];
    return lab;
  }

  it('is not the container', () => {
    const claim = examine('port-published-elsewhere', answered('nginx (pid 7)', '127.0.0.1'));
    expect(claim?.what).toContain('127.0.0.1 only');
    expect(claim?.why).toContain('nginx (pid 7) answers there');
  });

  it.each(['0.0.0.0', '', '::', '192.0.2.1'])(
    'may be a proxy nobody knows where it is published on "%s"',
    (address) => {
      expect(examine('port-published-elsewhere', answered('nginx (pid 7)', address))).toBeNull();
    },
  );

  it.each(['docker-proxy', 'rootlessport', 'pasta.avx2', 'passt', 'gvproxy'])('%s carries it on', (name) => {
    expect(examine('port-published-elsewhere', answered(`${name} (pid 7)`, '127.0.0.1'))).toBeNull();
  });
});

describe('a child on the wire of the uplink that nobody answers', () => {
  /** The child asks for `gateway`; the host itself reaches the destination. */
  function child(gateway: string): Lab {
    const lab = healthy();
    Object.assign(linkOf(lab, 'container/eth0'), { kind: 'macvlan', link: 20, data: { mode: 'bridge' } });
    const [first, , , uplink] = lab.path.hops;
    lab.path.hops = [{ ...first!, kind: 'macvlan' }, uplink!];
    lab.path.stages = ['send', 'wire', 'beyond'];
    lab.path.sourceRoute.gateway = gateway;
    lab.stacks.container.routes = [route('0.0.0.0/0', { dev: 'eth0', gateway }) as never];
    lab.stacks.container.neighbours = [neighbour(gateway, 'eth0', null, 'FAILED') as never];
    lostAt(lab, 0);
    for (const hop of ['container/eth0', 'host/up0'])
      lab.sightings.push(sighting(hop, 'neighbour', { probe: -1, says: `who has ${gateway}?` }) as never);
    lab.control = { asked: true, answered: true, outcomes: [], says: 'answered' };
    return lab;
  }

  it('is unheard where the host reaches the same gateway', () => {
    const lab = child('192.0.2.2');
    expect(examine('no-reply-from-destination', lab)?.what).toContain('MAC address');
    expect(examine('neighbour-absent', lab)).toBeNull();
  });

  it('asks for nobody where the host uses another gateway', () => {
    const lab = child('192.0.2.99');
    expect(examine('neighbour-absent', lab)?.what).toContain('192.0.2.99');
    expect(examine('no-reply-from-destination', lab)).toBeNull();
  });
});
