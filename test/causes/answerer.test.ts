/** Where an answer goes may depend on who gives it: rules choose by the user and the mark of the socket. */
import { describe, expect, it } from 'vitest';
import { decide, takes } from '../../src/kernel/routing.ts';
import { asking, unanswered } from './asking.ts';
import { examine } from './examine.ts';
import { link, route, rule } from './lab-state.ts';
import { decision, type Lab } from './scene.ts';

const VPN = rule(60, 'from all uidrange 1234-1240 lookup 77', { table: '77' });

/** The host answers as user 1234, whose traffic belongs into table 77. */
function answering(of: 'tun0' | 'blackhole', uid: number | undefined): Lab {
  const lab = unanswered(asking('to-host', 'tcp', 9100));
  const { host } = lab.stacks;
  host.links.push(link(40, 'tun0', 'tun') as never);
  host.rules.push(VPN as never);
  host.routes.push(
    (of === 'tun0'
      ? route('0.0.0.0/0', { dev: 'tun0', table: '77' })
      : route('0.0.0.0/0', { type: 'blackhole', table: '77' })) as never,
  );
  const argv = ['nsenter', 'ip', '-j', '-d', 'route', 'get', '10.88.0.2', 'from', '10.88.0.1', 'uid', '1234'];
  const told =
    uid === undefined
      ? decision({ dev: 'br0' })
      : of === 'tun0'
        ? decision({ dev: 'tun0', table: '77', argv })
        : decision({ refusal: 'Invalid argument', type: null, argv });
  lab.replyRoute = {
    decision: told,
    expected: 'br0',
    ...(uid === undefined ? {} : { by: { uid } }),
  } as never;
  return lab;
}

describe('reply-route-diverted', () => {
  it('follows the user whose socket answers, into the table of a rule for users', () => {
    const claim = examine('reply-route-diverted', answering('tun0', 1234));
    expect(claim).toMatchObject({ sure: 'proved', what: 'the host sends the reply to tun0 instead of br0' });
    expect(claim?.why).toContain('uidrange 1234-1240');
    expect(JSON.stringify(claim?.evidence)).toContain('"uid","1234"');
  });

  it('says what refuses it where nothing leaves at all', () => {
    const claim = examine('reply-route-diverted', answering('blackhole', 1234));
    expect(claim?.what).toMatch(/^the host refuses to send the reply: .*blackhole/);
    expect(claim?.why).toContain('of user 1234');
  });

  it.each(['tun0', 'blackhole'] as const)('leaves the answers of others alone (%s)', (of) => {
    expect(examine('reply-route-diverted', answering(of, undefined))).toBeNull();
  });
});

it('a rule for users takes those of its range, and nobody whose user is not told', () => {
  const packet = { family: 4, destination: '10.88.0.2', source: null, iif: null } as const;
  expect([1233, 1234, 1240, 1241].map((uid) => takes(VPN, { ...packet, uid }))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(takes(VPN, packet)).toBe(false);
  expect(decide(answering('tun0', 1234).stacks.host as never, { ...packet, uid: 1234 })).toMatchObject({
    route: { dev: 'tun0' },
  });
});
