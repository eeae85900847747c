/** As whom the probes ask: the main process's user, or one that a rule singles out and that runs there. */
import { expect, it } from 'vitest';
import { askingUser } from '../../src/discover/asking-user.ts';
import type { RoutingRule } from '../../src/model/stack.ts';
import { fakeMachine } from './fake-machine.ts';

const NETNS = { inode: 7, path: '/run/netns/a' };
const status = (uid: number, gid = uid): string =>
  `Name:\tsh\nUid:\t0\t0\t0\t${uid}\nGid:\t0\t0\t0\t${gid}\n`;
const rule = (text: string): RoutingRule => ({
  family: 4,
  priority: 100,
  text,
  table: '555',
  action: 'lookup',
});
const SINGLED = rule('from all uidrange 1000-1999 lookup 555');

/** Processes by pid: their user, and the namespace they are in. */
function machine(processes: Readonly<Record<string, readonly [uid: number, inode: number]>>, uid = 0) {
  const all = Object.entries(processes);
  return fakeMachine({
    uid,
    lists: { '/proc': [...Object.keys(processes), 'self', 'net'] },
    symbolic: Object.fromEntries(all.map(([pid, [, inode]]) => [`/proc/${pid}/ns/net`, `net:[${inode}]`])),
    files: Object.fromEntries(all.map(([pid, [user]]) => [`/proc/${pid}/status`, status(user)])),
  });
}
const target = (pid: number | null) => ({ pid, netns: NETNS, hostNetwork: false });

it('is the main process, where that is not root', async () => {
  expect(await askingUser(machine({ 42: [101, 7] }), target(42), [])).toEqual({
    user: { uid: 101, gid: 101 },
    forNobody: [],
  });
  expect((await askingUser(machine({ 42: [0, 7] }), target(42), [])).user).toBeUndefined();
});

it('is whom a rule singles out, where such a process is in the namespace', async () => {
  const both = machine({ 5: [0, 7], 6: [1500, 7] });
  expect((await askingUser(both, target(null), [SINGLED])).user?.uid).toBe(1500);
  expect((await askingUser(both, target(5), [SINGLED])).user?.uid).toBe(1500);
  // Without such a rule a bare namespace is asked as root.
  expect(await askingUser(both, target(null), [])).toEqual({ forNobody: [] });
});

it('is nobody whom a rule singles out, where they run elsewhere alone: and the rule is told', async () => {
  const elsewhere = machine({ 5: [2500, 7], 6: [1500, 8] });
  expect(await askingUser(elsewhere, target(null), [SINGLED, rule('from all lookup main')])).toEqual({
    forNobody: [SINGLED],
  });
});

it('is nobody else, where root is not there to ask as him', async () => {
  expect(await askingUser(machine({ 42: [101, 7] }, 1000), target(42), [SINGLED])).toEqual({ forNobody: [] });
});
