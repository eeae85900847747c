import { describe, expect, it } from 'vitest';
import { locate, type Observed } from '../../src/engine/place.ts';
import type { Drop } from '../../src/model/evidence.ts';
import { between } from '../../src/model/place.ts';
import { link, MAC } from '../causes/lab-state.ts';
import { healthy, type Lab, lostAt, silent } from '../causes/scene.ts';

const observed = (lab: Lab, about: Partial<Observed> = {}): Observed => ({
  path: lab.path as Observed['path'],
  flow: lab.flow,
  sightings: lab.sightings as Observed['sightings'],
  passages: [],
  captured: lab.captured,
  outcomes: lab.outcomes,
  drops: [],
  steps: [],
  host: lab.stacks.host as Observed['host'],
  ...about,
});

const placeOf = (about: Observed) => {
  const { place } = locate(about);
  return place && { direction: place.direction, between: between(place) };
};

const step = (hop: string, direction: 'request' | 'reply') => ({
  probe: 0,
  direction,
  hop,
  event: 'netif_receive_skb',
});

const drop = (hop: string, direction: 'request' | 'reply'): Drop => ({
  reason: 'IP_INADDRERRORS',
  function: 'ip_error',
  device: 'eth0',
  hop,
  direction,
  probe: 0,
  at: 50,
});

describe('locate', () => {
  it.each([
    ['request', 3, ['host/br0', 'host/up0']],
    ['request', 1, ['container/eth0', 'host/vetha']],
    ['reply', 3, ['host/up0', 'host/br0']],
  ] as const)('puts a lost %s between the last hop that saw it and the next', (direction, index, names) => {
    expect(placeOf(observed(lostAt(healthy(), index, direction)))).toEqual({ direction, between: names });
  });

  it('believes the kernel where a capture is late, hop after hop', () => {
    const steps = [step('host/br0', 'request'), step('host/up0', 'request')];
    expect(placeOf(observed(lostAt(healthy(), 2), { steps }))?.between).toEqual(['host/up0', null]);
  });

  it('believes no step behind the end that the kernel told, where a capture denies it', () => {
    const lab = lostAt(healthy(), 3);
    const steps = [step('host/up0', 'request')];
    const place = (about: Partial<Observed>) => placeOf(observed(lab, { steps, ...about }))?.between;
    expect(place({ drops: [drop('host/br0', 'request')] })).toEqual(['host/br0', 'host/up0']);
    // What a copy came to is no end, nor is that of another probe.
    expect(place({ drops: [{ ...drop('host/br0', 'request'), reason: 'OTHERHOST' }] })).toEqual([
      'host/up0',
      null,
    ]);
    expect(place({ drops: [{ ...drop('host/br0', 'request'), probe: 1 }] })).toEqual(['host/up0', null]);
  });

  describe('where nothing could be captured', () => {
    const hops = healthy().path.hops.map(({ id }) => id);
    const blind = { captured: new Set<string>(), sightings: [] };
    const lost = (steps: Observed['steps'], about: Partial<Observed> = {}) =>
      placeOf(observed(silent(healthy()), { ...blind, steps, ...about }));

    it('follows the kernel from hop to hop', () => {
      const three = hops.slice(0, 3).map((hop) => step(hop, 'request'));
      expect(lost(three)?.between).toEqual(['host/br0', 'host/up0']);
    });

    it('believes an answer that the kernel dropped, once the request had left', () => {
      const all = hops.map((hop) => step(hop, 'request'));
      expect(lost(all, { drops: [drop('host/up0', 'reply')] })).toEqual({
        direction: 'reply',
        between: ['host/up0', 'host/br0'],
      });
    });

    it('believes one dropped on the host where nobody could see whether the request had left', () => {
      expect(lost([], { drops: [drop('host/up0', 'reply')] })?.direction).toBe('reply');
      expect(lost([], { drops: [drop('container/eth0', 'reply')] })?.direction).toBe('request');
    });

    it('does not believe a step on a hop to which none leads', () => {
      expect(lost([step(hops.at(-1)!, 'request')])?.between).toEqual([null, 'container/eth0']);
    });
  });

  it.each([
    ['a step', { steps: [step('container/eth0', 'reply')] }],
    ['a drop', { drops: [drop('container/eth0', 'reply')] }],
  ])('does not take %s on the eth0 of another namespace for the container', (_, about) => {
    const lab = lostAt(healthy(), 3, 'reply');
    expect(placeOf(observed(lab, about))?.between).toEqual(['host/up0', 'host/br0']);
  });

  it('takes a drop of what came back, though it no longer looks like an answer', () => {
    const lab = silent(healthy());
    const drops = [drop('host/up0', 'reply')];
    expect(placeOf(observed(lab, { drops }))).toEqual({
      direction: 'reply',
      between: ['host/up0', 'host/br0'],
    });
    expect(placeOf(observed(lostAt(healthy(), 2), { drops }))?.direction).toBe('request');
    const tunnel = silent(healthy());
    tunnel.path.hops[3]!.kind = 'vxlan';
    expect(placeOf(observed(tunnel, { drops }))?.direction).toBe('request');
  });

  it('takes what a switch flooded to the path for no answer where another card here took the frame', () => {
    const lab = lostAt(healthy(), 3, 'reply');
    lab.stacks.host.links.push(link(40, 'up1', 'veth', { mac: '02:00:00:00:00:99' }) as never);
    for (const one of lab.sightings) if (one.kind === 'reply') one.destinationMac = '02:00:00:00:00:99';
    const came = (foreign: boolean) =>
      placeOf(
        observed(lab, {
          passages: [
            {
              ...lab.sightings.find(({ kind }) => kind === 'reply')!,
              hop: 'host/up1',
              where: 'host',
              device: 'up1',
              heading: 'in',
              onPath: false,
              foreign,
            },
          ],
        }),
      );
    expect(came(false)).toEqual({ direction: 'reply', between: [null, 'host/up0'] });
    // Nobody here took it: the frame on the path is all there is of the answer.
    expect(came(true)).toEqual({ direction: 'reply', between: ['host/up0', 'host/br0'] });
    for (const one of lab.sightings) if (one.kind === 'reply') one.destinationMac = MAC.up0;
    expect(came(false)).toEqual({ direction: 'reply', between: ['host/up0', 'host/br0'] });
  });

  it('believes an answer to have come back by a gateway’s one leg where it shows a router nearer there', () => {
    const lab = lostAt(healthy('sibling'), 2, 'reply');
    lab.path.ending = 'outside';
    for (const at of [2, 3]) lab.path.hops[at] = { ...lab.path.hops[at]!, twice: true };
    for (const one of lab.sightings) one.ttl = 63;
    expect(placeOf(observed(lab))?.between).toEqual(['other/eth0', 'host/vethb']);
    const back = lab.sightings.find(({ hop, kind }) => hop === 'host/vethb' && kind === 'reply')!;
    lab.sightings.push({ ...back, ttl: 62 });
    expect(placeOf(observed(lab))?.between).toEqual(['host/vethb', 'host/vetha']);
  });

  it('takes a drop on a hop that nobody watched', () => {
    const lab = lostAt(healthy(), 2);
    lab.captured.delete('host/br0');
    expect(placeOf(observed(lab, { drops: [drop('host/br0', 'request')] }))?.between).toEqual([
      'host/br0',
      'host/up0',
    ]);
  });
});
