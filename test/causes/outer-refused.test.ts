/** What others say of a tunnel's outer packets, to this host alone. */
import { describe, expect, it } from 'vitest';
import { isUnwatched } from '../../src/engine/place-seen.ts';
import type { Outer } from '../../src/model/outer.ts';
import type { Scene } from '../../src/model/scene.ts';
import { examine } from './examine.ts';
import { blind, healthy, type Lab, lostAt, silent } from './scene.ts';

const FAR = '203.0.113.9';

/** The uplink of the lab as a tunnel, and what was seen outside of it. */
function through(
  kind: string,
  outer: Partial<Outer>[],
  lab: Lab = silent(healthy()),
  remote: string | null = FAR,
): Lab {
  const hop = lab.path.hops.find(({ id }) => id === 'host/up0')!;
  hop.kind = kind;
  for (const one of [hop.link, ...lab.stacks.host.links.filter(({ name }) => name === 'up0')])
    Object.assign(one, {
      kind,
      noarp: true,
      data: remote === null ? { port: 8472 } : { remote, port: 8472 },
    });
  return { ...lab, outer: outer.map((one) => ({ ...sent, ...one })) };
}

const sent: Outer = {
  ...{ tunnel: 'host/up0', kind: 'request', probe: 0, at: 50, device: 'eth9', heading: 'out' },
  ...{ source: '192.0.2.1', destination: FAR, says: null, about: null },
};
const error = (says: string, about = FAR, source = '203.0.113.1'): Partial<Outer> => ({
  ...{ kind: 'error', probe: -1, heading: 'in', source, destination: '192.0.2.1', says, about },
});

describe.each(['vxlan', 'geneve', 'gre', 'ipip', 'sit'])('packets of %s', (kind) => {
  it.each([
    'port unreachable',
    'protocol unreachable',
    'administratively prohibited',
    'source address failed policy',
  ])('that are answered with "%s" are refused', (says) => {
    const claim = examine('overlay-port-blocked', through(kind, [{}, error(says)]));
    expect(claim).toMatchObject({
      sure: 'proved',
      what: `203.0.113.1 refuses the packets of up0 for ${FAR}: ${says}`,
    });
    expect(examine('tunnel-far-end-absent', through(kind, [{}, error(says)]))).toBeNull();
  });

  it.each(['network unreachable', 'host unreachable', 'address unreachable', 'no route to destination'])(
    'that are answered with "%s" do not get to their end',
    (says) => {
      const claim = examine('tunnel-far-end-absent', through(kind, [{}, error(says)]));
      expect(claim?.what).toContain(
        `${FAR}, the other end of up0, is not reached: 203.0.113.1 says "${says}"`,
      );
      expect(examine('overlay-port-blocked', through(kind, [{}, error(says)]))).toBeNull();
    },
  );

  it.each([
    ['of its length', [{}, error('fragmentation needed, MTU 1400')]],
    ['of another far end', [{}, error('port unreachable', '203.0.113.10')]],
    ['by this host itself', [{}, error('port unreachable', FAR, '192.0.2.1')]],
    ['of another tunnel', [{}, { ...error('port unreachable'), tunnel: 'host/t1' }]],
  ])('are not refused by what is said %s', (_, outer) => {
    expect(examine('overlay-port-blocked', through(kind, outer))).toBeNull();
    expect(examine('tunnel-far-end-absent', through(kind, outer))).toBeNull();
  });
});

it('an end that has no such tunnel says so itself', () => {
  const claim = examine('overlay-port-blocked', through('vxlan', [{}, error('port unreachable', FAR, FAR)]));
  expect(claim?.what).toBe(
    `${FAR}, the other end of up0, has nobody who takes the tunnel’s packets: port unreachable`,
  );
});

it('the search for the next hop that went into the tunnel is refused as well', () => {
  const lab = through('vxlan', [error('administratively prohibited')], lostAt(healthy(), 3));
  expect(examine('overlay-port-blocked', lab)).not.toBeNull();
});

it('a tunnel in a namespace of its own, as an overlay of Docker has, sends its packets by the host as well', () => {
  const lab = through('vxlan', [{}, error('port unreachable')]);
  lab.path.hops.find(({ id }) => id === 'host/up0')!.where = 'other';
  expect(examine('overlay-port-blocked', lab)).not.toBeNull();
});

it('where it went to several ends at once, all of them must have been refused', () => {
  const outer = [{}, { destination: '203.0.113.10' }, error('port unreachable')];
  expect(examine('overlay-port-blocked', through('vxlan', outer, silent(healthy()), null))).toBeNull();
  const both = [...outer, error('port unreachable', '203.0.113.10')];
  expect(examine('overlay-port-blocked', through('vxlan', both, silent(healthy()), null))).not.toBeNull();
});

it('is less than proved where others of the probes were answered', () => {
  const lab = through('vxlan', [{}, error('port unreachable')]);
  lab.outcomes = [...lab.outcomes, { ...lab.outcomes[0]!, probe: 1, result: 'answered' }];
  expect(examine('overlay-port-blocked', lab)?.sure).toBe('supported');
});

it('silence behind a tunnel is watched where its outer packets were seen to leave, and is told with their end', () => {
  const left = through('vxlan', [{}], blind(silent(healthy())));
  const unseen = through('vxlan', [], blind(silent(healthy())));
  expect(isUnwatched(left as Scene, [])).toBe(false);
  expect(isUnwatched(unseen as Scene, [])).toBe(true);
  const claim = examine('no-reply-from-destination', left);
  expect(claim?.why).toContain(`inside outer packets for ${FAR}, which left by eth9`);
  expect(claim?.sure).toBe('proved');
  expect(examine('no-reply-from-destination', unseen)?.sure).toBe('supported');
});
