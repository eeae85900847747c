// What nftables tells of traced packets is heard as soon as somebody looks, however busy the event loop is.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localMachine } from '../../src/host/local.ts';
import type { TraceMessage } from '../../src/host/machine.ts';
import { Lab } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
  await lab.step({
    in: 'A',
    sh: `nft 'table ip traced { chain out { type filter hook output priority 0; icmp type echo-request meta nftrace set 1 counter accept; }; }'`,
  });
});
afterAll(() => lab.down());

/** Without a turn of the event loop. */
const ping = (): void => {
  const argv = [`--net=${lab.namespace('A')}`, 'ping', '-n', '-c1', '-W2', '198.51.100.1'];
  expect(spawnSync('nsenter', argv, { timeout: 20_000 }).status).toBe(0);
};

test('what the kernel has told by now is handed over by look(), and nothing before or after the end', () => {
  const machine = localMachine();
  const netns = machine.netns(lab.namespace('A'));
  if (!netns.known) throw new Error(netns.detail);
  const heard: TraceMessage[] = [];
  const listener = machine.listenTrace(netns.value, (message) => heard.push(message));
  if (!listener.known) throw new Error(listener.detail);
  const from = machine.now();
  ping();
  expect(heard).toEqual([]);
  listener.value.look();
  expect(heard.map(({ table, chain, type }) => `${table} ${chain} ${type}`)).toContain('traced out rule');
  for (const { at, netns: where } of heard) {
    expect(where?.inode).toBe(netns.value.inode);
    expect(at).toBeGreaterThan(from);
  }
  const told = heard.length;
  listener.value.look();
  expect(heard).toHaveLength(told);
  expect(listener.value.overruns()).toBe(0);
  listener.value.stop();
  ping();
  expect(heard).toHaveLength(told);
});
