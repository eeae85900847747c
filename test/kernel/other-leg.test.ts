// A container with a second interface in the network of who asks, and the connection that the host sees half of.
import { expect, it } from 'vitest';
import { otherLeg } from '../../src/kernel/other-leg.ts';
import type { Scene } from '../../src/model/scene.ts';
import { examine } from '../causes/examine.ts';
import { address, link, route } from '../causes/lab-state.ts';
import { healthy, type Lab, lostAt } from '../causes/scene.ts';

/** The container asks another network's, which has eth1 in its own; `exchange`: what became of data. */
function lab(answeredBeside: boolean, leg = true): Lab {
  const made = lostAt(healthy('network'), 3);
  const other = made.stacks.other!;
  if (leg) {
    other.links.push(link(9, 'eth1', 'veth', { addresses: [address('10.88.0.9/24')] }) as never);
    other.routes.unshift(route('10.88.0.0/24', { dev: 'eth1' }) as never);
  }
  const exchange = {
    speech: 'http',
    over: 0,
    probe: 3,
    result: 'lost',
    says: null,
    waited: 1,
    certificate: null,
  };
  return Object.assign(made, { exchange: { ...exchange, ttl: null, answeredBeside } });
}

it('is seen where the handshake was answered past the interface by which it was asked', () => {
  expect(otherLeg(lab(true) as unknown as Scene)).toMatchObject({
    asked: 'eth0',
    dev: 'eth1',
    addresses: ['10.88.0.9'],
  });
  expect(examine('reply-route-diverted', lab(true))).toMatchObject({
    sure: 'proved',
    what: expect.stringContaining('by eth1 (10.88.0.9) and not by eth0'),
  });
});

it('is none where the answer was seen there, or its routes lead it there', () => {
  expect(otherLeg(lab(false) as unknown as Scene)).toBeUndefined();
  expect(otherLeg(lab(true, false) as unknown as Scene)).toBeUndefined();
  expect(examine('reply-route-diverted', lab(true, false))).toBeNull();
});
