/** As whom the probes ask: the main process's user, or one that a rule singles out and that runs there. */
import { expect, it } from 'vitest';
import { type Asked, askingUser as askedAs } from '../../src/discover/asking-user.ts';
import type { Machine } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import type { SocketState } from '../../src/model/socket.ts';
import type { RoutingRule } from '../../src/model/stack.ts';
import type { Target } from '../../src/model/target.ts';
import { connecting as FLOW } from '../examples/flow.ts';
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
const askingUser = (
  one: Machine,
  whom: Pick<Target, 'pid' | 'netns' | 'hostNetwork'>,
  rules: readonly RoutingRule[],
  asked: Partial<Asked> = {},
) => askedAs(one, whom, rules, { flow: FLOW, addresses: [FLOW.address], sockets: [], ...asked });
const target = (pid: number | null) => ({ pid, netns: NETNS, hostNetwork: false });

it('is the main process, where that is not root', async () => {
  expect(await askingUser(machine({ 42: [101, 7] }), target(42), [])).toEqual({
    user: { uid: 101, gid: 101 },
    byCgroup: false,
    forNobody: [],
  });
  expect((await askingUser(machine({ 42: [0, 7] }), target(42), [])).user).toBeUndefined();
});

it('is whom a rule singles out, where such a process is in the namespace', async () => {
  const both = machine({ 5: [0, 7], 6: [1500, 7] });
  expect((await askingUser(both, target(null), [SINGLED])).user?.uid).toBe(1500);
  expect((await askingUser(both, target(5), [SINGLED])).user?.uid).toBe(1500);
  // Without such a rule a bare namespace is asked as root.
  expect(await askingUser(both, target(null), [])).toEqual({ byCgroup: false, forNobody: [] });
});

it('is nobody whom a rule singles out, where they run elsewhere alone: and the rule is told', async () => {
  const elsewhere = machine({ 5: [2500, 7], 6: [1500, 8] });
  expect(await askingUser(elsewhere, target(null), [SINGLED, rule('from all lookup main')])).toEqual({
    byCgroup: false,
    forNobody: [SINGLED],
  });
});

it('is nobody else, where root is not there to ask as him', async () => {
  expect(await askingUser(machine({ 42: [101, 7] }, 1000), target(42), [SINGLED])).toEqual({
    byCgroup: false,
    forNobody: [],
  });
});

const socket = (uid: number, about: Partial<SocketState> = {}): SocketState => ({
  proto: 'tcp',
  family: 4,
  state: 'SYN-SENT',
  source: '10.88.0.2',
  sourcePort: 40000,
  destination: FLOW.address,
  destinationPort: 80,
  timer: 'retransmit',
  retransmits: 1,
  receiveQueue: 0,
  sendQueue: 1,
  inode: 77,
  uid,
  info: null,
  ...about,
});

it('is whose connection to the asked end waits, before anybody else whom a rule singles out', async () => {
  const three = machine({ 5: [0, 7], 6: [1500, 7], 7: [1600, 7] });
  const as = async (...sockets: SocketState[]) =>
    (await askingUser(three, target(null), [SINGLED], { sockets })).user?.uid;
  expect(await as(socket(1600))).toBe(1600);
  expect(await as(socket(1600, { state: 'ESTAB', retransmits: 2 }))).toBe(1600);
  // Root fails there itself, and rules for others are none of its affair.
  expect(await as(socket(0))).toBeUndefined();
  expect(await as(socket(1600, { destination: '192.0.2.9' }))).toBe(1500);
  expect(await as(socket(1600, { destinationPort: 443 }))).toBe(1500);
  expect(await as(socket(1600, { state: 'ESTAB', retransmits: 0 }))).toBe(1500);
  // No rule chooses by users.
  expect((await askingUser(three, target(null), [], { sockets: [socket(1600)] })).user).toBeUndefined();
});

/** The namespace has these rules of iptables. */
function filtering(
  processes: Readonly<Record<string, readonly [number, number]>>,
  rules: string,
  table = 'filter',
) {
  const one = machine(processes);
  const chain = { family: 2, table, name: 'OUTPUT', hook: 'output' };
  const save = `*${table}\n:OUTPUT ACCEPT [0:0]\n${rules}\nCOMMIT\n# nf_tables`;
  return {
    ...one,
    kernelTells: () => known([chain], []),
    run: async ({ argv }: { argv: readonly string[] }) => {
      if (table === 'nat') throw new Error(`${argv.join(' ')} is asked for nothing`);
      return known(
        { stdout: `# Generated by iptables-nft-save v1.8.9 (nf_tables)\n${save}`, stderr: '', code: 0 },
        [],
      );
    },
  } as unknown as Machine;
}
const both = { 5: [0, 7], 6: [5000, 7] } as const;
const asFiltered = async (rules: string) =>
  (await askingUser(filtering(both, rules), target(null), [])).user?.uid;

it('is whom a rule of the container’s own firewall is for, where it is for this flow', async () => {
  expect(await asFiltered('-A OUTPUT -m owner --uid-owner 5000 -j DROP')).toBe(5000);
  expect(
    await asFiltered('-A OUTPUT -d 198.51.100.0/24 -p tcp -m owner --gid-owner 4000-5999 -j REJECT'),
  ).toBe(5000);
  expect(await asFiltered('-A OUTPUT -p tcp --dport 25 -m owner --uid-owner 5000 -j DROP')).toBeUndefined();
  expect(await asFiltered('-A OUTPUT -m owner --uid-owner 5000 -j ACCEPT')).toBeUndefined();
  expect(await asFiltered('-A INPUT -m owner --uid-owner 5000 -j DROP')).toBeUndefined();
});

it('is told where nobody runs as the user that a rule is for', async () => {
  const nobody = filtering(both, '-A OUTPUT -m owner --uid-owner 6000 -j DROP');
  const { user, forNobody } = await askingUser(nobody, target(null), []);
  expect(user).toBeUndefined();
  expect(forNobody.map(({ text }) => text)).toEqual(['-A OUTPUT -m owner --uid-owner 6000 -j DROP']);
});

it('is no root where a rule spares others and nobody there is root', async () => {
  const spared = filtering({ 6: [5000, 7] }, '-A OUTPUT -m owner ! --uid-owner 5000 -j DROP');
  expect((await askingUser(spared, target(null), [])).user?.uid).toBe(5000);
});

it('asks no program for the rules of one that translates addresses alone', async () => {
  const docker = filtering(both, '-A OUTPUT -m owner --uid-owner 5000 -j DROP', 'nat');
  expect(await askingUser(docker, target(null), [])).toEqual({ byCgroup: false, forNobody: [] });
});

it('asks no program either where the old tables translate addresses alone', async () => {
  const programs = async (tables: string) => {
    const one = fakeMachine({
      uid: 0,
      lists: { '/proc': [] },
      files: { '/proc/net/ip_tables_names': tables },
    });
    await askingUser(one, target(null), []);
    return one.asked.filter((line) => !line.startsWith('read '));
  };
  expect(await programs('nat\n')).toEqual([]);
  expect(await programs('nat\nfilter\n')).not.toEqual([]);
});

it('is of the container’s own control group, where a rule asks for such', async () => {
  const rules = '-A OUTPUT -m cgroup --path /lab/a -j DROP';
  expect(await askingUser(filtering(both, rules), target(5), [])).toEqual({ byCgroup: true, forNobody: [] });
  const other = '-A OUTPUT -p udp -m cgroup --path /lab/a -j DROP';
  expect((await askingUser(filtering(both, other), target(5), [])).byCgroup).toBe(false);
});

it('is one of its control group whom a rule of the host is for, where it shares the host’s network', async () => {
  const rule = '-A OUTPUT -m owner --uid-owner 5000 -j DROP';
  const shared = (group: string) => {
    const one = filtering({ 5: [0, 1], 6: [5000, 1], 8: [5000, 1] }, rule);
    const files: Record<string, string> = {
      '/proc/5/cgroup': '0::/web\n',
      '/proc/self/mountinfo': '30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
      '/sys/fs/cgroup/web/cgroup.procs': group,
    };
    const read: Machine['read'] = (file, ...more) =>
      file in files ? known(files[file]!, []) : one.read(file, ...more);
    return askingUser({ ...one, read }, { ...target(5), hostNetwork: true }, []);
  };
  expect((await shared('5\n6\n')).user?.uid).toBe(5000);
  // That user runs elsewhere on the host alone.
  expect(await shared('5\n')).toEqual({ byCgroup: false, forNobody: [] });
});

it('is in the supplementary groups of the process, where a rule looks at those too', async () => {
  const grouped = (rules: string, groups: string) => {
    const one = filtering({ 5: [0, 7], 6: [5000, 7] }, rules);
    const read: Machine['read'] = (file, ...more) =>
      file === '/proc/6/status' ? known(`${status(1234)}Groups:\t${groups}\n`, []) : one.read(file, ...more);
    return askingUser({ ...one, read }, target(null), []);
  };
  const beside = '-A OUTPUT -m owner --gid-owner 5000 --suppl-groups -j DROP';
  expect((await grouped(beside, '7 5000 ')).user).toEqual({ uid: 1234, gid: 1234, groups: [7, 5000] });
  expect((await grouped(beside, '7 5001 ')).forNobody).toHaveLength(1);
  expect((await grouped('-A OUTPUT -m owner --gid-owner 5000 -j DROP', '7 5000 ')).forNobody).toHaveLength(1);
  const others = '-A OUTPUT -m owner ! --gid-owner 5000 --suppl-groups -j REJECT';
  // Root itself is in no such group, and asks already.
  expect((await grouped(others, '7 5000 ')).user).toBeUndefined();
});

it('is root in the groups of the container’s own, where a rule looks at those', async () => {
  const one = filtering({ 5: [0, 7] }, '-A OUTPUT -m owner --gid-owner 5000 --suppl-groups -j DROP');
  const read: Machine['read'] = (file, ...more) =>
    file === '/proc/5/status' ? known(`${status(0)}Groups:\t0 5000 \n`, []) : one.read(file, ...more);
  expect((await askingUser({ ...one, read }, target(5), [])).user).toEqual({
    uid: 0,
    gid: 0,
    groups: [0, 5000],
  });
  const without = filtering({ 5: [0, 7] }, '-A OUTPUT -m owner --uid-owner 0 -j ACCEPT');
  const other: Machine['read'] = (file, ...more) =>
    file === '/proc/5/status' ? known(`${status(0)}Groups:\t0 5000 \n`, []) : without.read(file, ...more);
  expect((await askingUser({ ...without, read: other }, target(5), [])).user).toBeUndefined();
});

it('is in the group by which the waiting socket was made, and in none that is only guessed', async () => {
  const rules = '-A OUTPUT -p tcp -m owner --uid-owner 1600 --gid-owner 77 -j DROP';
  const waiting = async (rule: string, group: number | null) => {
    const one = filtering({ 5: [0, 7], 7: [1600, 7] }, rule);
    const list: Machine['list'] = (folder, ...more) =>
      folder === '/proc/7/fd' && group !== null ? known(['3'], []) : one.list(folder, ...more);
    const link: Machine['link'] = (file) =>
      file === '/proc/7/fd/3' ? known('socket:[77]', []) : one.link(file);
    const identity: Machine['identity'] = () =>
      known({ device: 9, inode: 77, owner: 1600, group: group!, mode: 0o777 }, []);
    return askingUser({ ...one, list, link, identity }, target(null), [], { sockets: [socket(1600)] });
  };
  expect((await waiting(rules, 77)).user).toEqual({ uid: 1600, gid: 77 });
  // Nobody has it any more: who chooses by groups is told of, who chooses by users alone is asked as that one.
  expect(await waiting(rules, null)).toMatchObject({ forNobody: [{}] });
  expect((await waiting('-A OUTPUT -m owner --uid-owner 1600 -j DROP', null)).user).toEqual({
    uid: 1600,
    gid: null,
  });
});
