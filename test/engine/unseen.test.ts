import { describe, expect, it } from 'vitest';
import { unseen, wentBy } from '../../src/engine/unseen.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import { asking } from '../causes/asking.ts';
import { dropped, healthy, type Lab, linkOf, lostAt, silent } from '../causes/scene.ts';
import { sighting } from '../examples/sighting.ts';

const witnesses = (about: Partial<Parameters<typeof unseen>[1]> = {}): Parameters<typeof unseen>[1] => ({
  blind: new Map(),
  drops: known([], []),
  hits: known([], []),
  gaps: [],
  partlyBlind: [],
  ...about,
});

const said = (lab: Lab, about: Partial<Parameters<typeof unseen>[1]> = {}): string[] =>
  unseen(lab, witnesses(about)).map(({ what, because }) => `${what}: ${because}`);

/** The uplink of the lab is a link of this kind. */
function by(kind: string, lab: Lab): Lab {
  const hop = lab.path.hops.find(({ id }) => id === 'host/up0')!;
  hop.link.kind = kind;
  if (lab.place?.after?.id === hop.id) lab.place.after.link.kind = kind;
  if (lab.place?.before?.id === hop.id) lab.place.before.link.kind = kind;
  return lab;
}

it('says nothing where everybody could look', () => {
  expect(said(silent(healthy()))).toEqual([]);
});

describe('a link that hides what comes next', () => {
  it('is said where packets were last seen on it', () => {
    expect(said(by('wireguard', silent(healthy())))).toEqual([expect.stringContaining('`wg show up0`')]);
  });

  it('is not said where packets stopped before it', () => {
    expect(said(by('wireguard', lostAt(healthy(), 3)))).toEqual([]);
  });

  it('is not said of an answer that came back by it', () => {
    expect(said(by('wireguard', lostAt(healthy(), 2, 'reply')))).toEqual([]);
  });
});

describe('the flow that was meant', () => {
  it('is named where only the way to its resolver could be asked about', () => {
    const lab = silent(asking('outside', 'dns', 53));
    Object.assign(lab.flow, { address: '198.51.100.53', insteadOf: 'web.example:80' });
    expect(said(lab)).toEqual([expect.stringMatching(/^the way to web\.example:80: .*198\.51\.100\.53/)]);
  });

  it('is named where a proxy of the host takes it', () => {
    const lab = lostAt(asking('from-host', 'tcp', 80), 1);
    Object.assign(lab.flow, { to: '127.0.0.1:8080', behind: 'docker-proxy (pid 7)' });
    expect(said(lab)).toEqual([expect.stringMatching(/^what 127\.0\.0\.1:8080 answers: docker-proxy/)]);
  });
});

describe('somebody outside who was not heard', () => {
  function nobody(): Lab {
    const lab = silent(healthy('from-outside'));
    lab.sightings = [];
    lab.place = null;
    return lab;
  }

  it('is said, with the interface on which he was waited for', () => {
    expect(said(nobody())).toEqual([expect.stringContaining('none arrived on up0')]);
  });

  it('is said to be looked for where neighbours asked for the address', () => {
    const lab = nobody();
    lab.sightings.push(sighting('host/up0', 'neighbour', { says: 'who has 192.0.2.1?' }) as never);
    expect(said(lab)[0]).toContain('neighbours there did ask');
  });
});

it('witnesses that could not look are named, each with its reason', () => {
  const blind = notKnown('no-permission', 'tracefs is not readable', []);
  expect(said(silent(healthy()), { drops: blind, blind: new Map([['host/up0', 'it went away']]) })).toEqual([
    'packets on host/up0: it went away',
    'what the kernel dropped: tracefs is not readable',
  ]);
  expect(said(silent(healthy()), { hits: notKnown('no-such-tool', 'nft is not installed', []) })).toEqual([
    'the firewall rules met: nft is not installed',
  ]);
});

describe('a gap between the two ends of a veth pair', () => {
  it('is no place of a loss where no drop was told', () => {
    expect(said(lostAt(healthy(), 1))).toEqual([
      expect.stringMatching(/^what became of it between eth0 and vetha: a veth pair loses nothing by itself/),
    ]);
    expect(said(lostAt(healthy(), 2))).toEqual([]);
  });

  it('is one where a drop was told, or an end is down', () => {
    expect(said(dropped(lostAt(healthy(), 1), 'TC_EGRESS', 'sch_handle_egress'))).toEqual([]);
    const lab = lostAt(healthy(), 1);
    linkOf(lab, 'host/vetha').up = false;
    expect(said(lab)).toEqual([]);
  });
});

it('what is for many went by some interfaces of this host, and whether it was heard is not to be seen', () => {
  const lab = silent(healthy());
  lab.flow.address = '239.7.7.7';
  const went = (device: string, heading: 'in' | 'out' = 'out'): void => {
    const passage = { where: 'host', device, heading, onPath: true, foreign: false } as const;
    lab.passages.push({ ...sighting(`host/${device}`, 'request'), ...passage } as never);
  };
  expect(wentBy(lab as never)).toEqual([]);
  went('vethb');
  went('vethb');
  went('vetha', 'in');
  expect(wentBy(lab as never)).toEqual(['vethb']);
  lab.flow.address = '198.51.100.1';
  expect(wentBy(lab as never)).toBeUndefined();
});
