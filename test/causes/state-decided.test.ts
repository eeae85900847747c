// Causes of drops that the state decides: who is an own address, who may go to loopback, who has a port left.
import { describe, expect, test } from 'vitest';
import cgroup from '../../src/causes/container-cgroup-drop.ts';
import own from '../../src/causes/source-is-own.ts';
import ports from '../../src/causes/source-ports-used-up.ts';
import ttl from '../../src/causes/ttl-expired.ts';
import type { Cause, Claim } from '../../src/model/cause.ts';
import { blind, dropped, healthy, hit, type Lab, lostAt, refusedToSend, silent } from './scene.ts';

const ask = ({ examine }: Pick<Cause, 'examine'>, lab: Lab): Claim | null => examine(lab as never);

describe('source-is-own', () => {
  const marked = (): Lab => {
    const lab = lostAt(healthy(), 3);
    lab.sysctls.host['net.ipv4.conf.all.src_valid_mark'] = '1';
    const rule = {
      family: 4 as const,
      priority: 9,
      text: 'from all fwmark 0x200/0xf00 lookup 2004',
      table: '2004',
      action: 'lookup',
    };
    lab.stacks.host.rules.push(rule as never);
    lab.stacks.host.routes.push({
      ...lab.stacks.host.routes[0]!,
      family: 4,
      destination: '0.0.0.0/0',
      type: 'local',
      dev: 'lo',
      gateway: null,
      table: '2004',
    } as never);
    return lab;
  };

  test('the mark makes every source an own one', () => {
    const claim = ask(own, dropped(marked(), 'IP_LOCAL_SOURCE', 'ip_rcv_finish_core'));
    expect(claim).toMatchObject({ sure: 'proved' });
    expect(claim?.what).toContain('src_valid_mark');
    expect(claim?.fixes?.[0]?.apply).toEqual([
      { run: { argv: ['sysctl', '-w', 'net.ipv4.conf.br0.accept_local=1'] } },
    ]);
  });

  test('without the trace a rule that marks it supports it, and without a mark nothing does', () => {
    const seen = hit(blind(marked()), { text: '-A PREROUTING -j MARK --set-xmark 0x200/0xf00' }, 'continue');
    expect(ask(own, seen)).toMatchObject({ sure: 'supported' });
    expect(ask(own, blind(marked()))).toBeNull();
  });

  test('not where own sources are accepted, nor where the source is left alone', () => {
    const accepted = marked();
    accepted.sysctls.host['net.ipv4.conf.br0.accept_local'] = '1';
    expect(ask(own, dropped(accepted, 'IP_LOCAL_SOURCE', 'ip_rcv_finish_core'))).toBeNull();
    const off = marked();
    off.sysctls.host['net.ipv4.conf.all.src_valid_mark'] = '0';
    expect(ask(own, dropped(off, 'IP_LOCAL_SOURCE', 'ip_rcv_finish_core'))).toBeNull();
  });

  test('a request that comes home', () => {
    const lab = dropped(lostAt(healthy(), 3, 'reply'), 'IP_LOCAL_SOURCE', 'ip_rcv_finish_core');
    expect(ask(own, lab)?.what).toMatch(
      /^the router 192\.0\.2\.2 sends the request back to this host .* 192\.0\.2\.1 /,
    );
    expect(ask(own, blind(lostAt(healthy(), 3, 'reply')))).toBeNull();
  });
});

describe('source-ports-used-up', () => {
  const masquerading = (place: string): Lab =>
    hit(
      dropped(lostAt(healthy(), 3), 'NETFILTER_DROP', place),
      {
        table: 'nat',
        chain: 'POSTROUTING',
        text: '-A POSTROUTING -j MASQUERADE --to-ports 1024-1031',
        verdict: 'MASQUERADE',
      },
      'accept',
    );

  test('a drop in the hook right behind a rule that rewrites the source', () => {
    expect(ask(ports, masquerading('nf_hook_slow'))?.what).toContain('--to-ports 1024-1031');
    expect(ask(ports, masquerading('nft_do_chain'))).toBeNull();
  });
});

test('ttl-expired: answers that arrive with 1 come from a sender who starts with it, not from a loop', () => {
  const lab = lostAt(healthy(), 3, 'reply');
  for (const one of lab.sightings) if (one.kind === 'reply') one.ttl = 1;
  const claim = ask(ttl, dropped(lab, 'IP_INHDR', 'ip_forward'));
  expect(claim).toMatchObject({ sure: 'proved' });
  expect(`${claim?.what} ${claim?.do}`).not.toMatch(/loop/);
});

describe('container-cgroup-drop', () => {
  const program = (attach: string) => ({ id: 5, attach, name: 'no', cgroup: '/sys/fs/cgroup/x' });

  test.each([
    ['connect4', 'connect4'],
    ['cgroup_inet4_connect', 'connect4'],
    ['cgroup_udp6_sendmsg', 'sendmsg6'],
    ['cgroup_inet_egress', 'egress'],
    ['egress', 'egress'],
  ])('%s is attached and detached as %s', (attach, type) => {
    const lab = refusedToSend(healthy(), 'EPERM');
    lab.cgroup = [program(attach)];
    const claim = ask(cgroup, lab);
    expect(JSON.stringify(claim?.fixes?.[0]?.apply)).toContain(`"detach","/sys/fs/cgroup/x","${type}"`);
  });

  test('a program for something else is none of it', () => {
    const lab = refusedToSend(silent(healthy()), 'EPERM');
    lab.cgroup = [program('cgroup_device')];
    expect(ask(cgroup, lab)).toBeNull();
  });
});
