/** A redirect that is remembered goes before the routes. */
import { describe, expect, it } from 'vitest';
import { commands, examine } from './examine.ts';
import { route } from './lab-state.ts';
import { dropped, healthy, type Lab, lostAt, silent } from './scene.ts';

function redirected(lab: Lab, gateway = '10.88.0.3'): Lab {
  lab.path.sourceRoute = { ...lab.path.sourceRoute, gateway, redirected: true } as Lab['path']['sourceRoute'];
  return lab;
}

describe('route-redirected', () => {
  it('names both routers, and forgets what is remembered', () => {
    const lab = redirected(lostAt(healthy(), 2));
    lab.control = { asked: true, answered: true, outcomes: [], says: '' } as never;
    const claim = examine('route-redirected', lab);
    expect(claim?.sure).toBe('proved');
    expect(`${claim?.what} ${claim?.why}`).toMatch(
      /ICMP redirect.*to 10\.88\.0\.3.*routes name 10\.88\.0\.1/,
    );
    expect(commands(claim).apply).toEqual(['nsenter --net=/run/netns/lab-a ip route flush cache']);
  });

  it('is told of IPv6, and not where a route names that router too', () => {
    const lab = redirected(lostAt(healthy('outside', 6), 2), 'fe80::b3');
    const claim = examine('route-redirected', lab);
    expect(claim?.do).toContain('ip -6 route flush cache');
    expect(commands(claim).apply).toEqual(['nsenter --net=/run/netns/lab-a ip -6 route flush cache']);
    lab.stacks.container.routes.push(
      route('::/0', { gateway: 'fe80::b3', dev: 'eth0', metric: 2048, protocol: 'ra' }) as never,
    );
    expect(examine('route-redirected', lab)).toBeNull();
  });

  it('says whose memory it is that a program in the host’s own network asks', () => {
    const lab = redirected(lostAt(healthy(), 2));
    lab.target.hostNetwork = true;
    const claim = examine('route-redirected', lab);
    expect(claim?.what).toMatch(/^this host remembers/);
    expect(claim?.fixes?.[0]?.affects).toContain('that this host has learned');
    expect(commands(claim).apply).toEqual(['ip route flush cache']);
  });

  it('is not to blame for what is lost beyond, on the way back, by a rule, or not at all', () => {
    expect(examine('route-redirected', redirected(silent(healthy())))).toBeNull();
    expect(examine('route-redirected', redirected(lostAt(healthy(), 3, 'reply')))).toBeNull();
    expect(examine('route-redirected', redirected(healthy()))).toBeNull();
    expect(examine('route-redirected', redirected(lostAt(healthy(), 2), '10.88.0.1'))).toBeNull();
    expect(examine('route-redirected', lostAt(healthy(), 2))).toBeNull();
    expect(
      examine('route-redirected', dropped(redirected(lostAt(healthy(), 2)), 'NO_SOCKET', 'x')),
    ).not.toBeNull();
  });
});
