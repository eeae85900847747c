/** Which of several routers of one metric takes a packet (RFC 4191). */
import { expect, test } from 'vitest';
import { decide } from '../../src/kernel/routing.ts';
import { containerStack, route } from '../causes/lab-state.ts';

const packet = { family: 6, destination: '2001:db8:f::1', source: null, iif: null } as const;

/** The gateway that A takes, with this router beside its configured one. */
function taken(about: Parameters<typeof route>[1]): string | null {
  const stack = containerStack('a');
  const [own] = stack.routes.filter((one) => one.destination === '::/0');
  const found = decide(
    {
      ...stack,
      routes: [
        ...stack.routes,
        route('::/0', { dev: 'eth0', gateway: 'fe80::b', metric: own!.metric, ...about }),
      ],
    },
    packet,
  );
  return found.kind === 'route' ? found.route.gateway : null;
}

test('the preferred one of equal metric, and the metric before all', () => {
  expect(taken({ preference: 'high' })).toBe('fe80::b');
  expect(taken({})).toBe('fd00:88::1');
  expect(taken({ preference: 'low' })).toBe('fd00:88::1');
  expect(taken({ preference: 'high', metric: 4096 })).toBe('fd00:88::1');
  expect(taken({ destination: '2001:db8:f::/64', preference: 'low', metric: 4096 })).toBe('fe80::b');
});
