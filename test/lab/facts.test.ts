/** The sources of state against a real kernel and the real tools, in a host of namespaces. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseFdb } from '../../src/discover/facts/fdb.ts';
import { gather } from '../../src/discover/facts.ts';
import { discoverPath, readStacks } from '../../src/discover/path.ts';
import { counterDifference } from '../../src/discover/rules/counter-difference.ts';
import { listRules } from '../../src/discover/rules/list-rules.ts';
import { ruleLookUp } from '../../src/discover/rules/look-up.ts';
import { parseNft } from '../../src/discover/rules/nft-text.ts';
import { familyOf, tablesOf } from '../../src/discover/rules/told-chains.ts';
import type { Machine } from '../../src/host/machine.ts';
import { notKnown } from '../../src/model/answer.ts';
import type { Rule } from '../../src/model/evidence.ts';
import type { FdbEntry, Listener } from '../../src/model/facts.ts';
import type { Flow } from '../../src/model/flow.ts';
import { findTarget } from '../../src/targets/target.ts';
import { hostedMachine } from './hosted-machine.ts';
import { Lab } from './lab.ts';

let lab: Lab;
let machine: Machine;

beforeAll(async () => {
  lab = await Lab.up();
  machine = hostedMachine(lab);
});
afterAll(() => lab.down());

const host = async (sh: string): Promise<string> => (await lab.step({ in: 'host', sh })).said;

async function rules(): Promise<readonly Rule[]> {
  const answer = await listRules(machine, null);
  if (!answer.known) throw new Error(answer.detail);
  return answer.value.map(({ rule }) => rule);
}

const flow: Flow = {
  from: 'container',
  to: '198.51.100.1',
  address: '198.51.100.1',
  proto: 'tcp',
  port: 80,
  family: 4,
};

async function groundOfA() {
  const target = await findTarget(machine, lab.namespace('A'));
  const discovery = await discoverPath(
    machine,
    { target: target, source: null },
    flow,
    await readStacks(machine, target),
  );
  return { target, flow, path: discovery.path, stacks: discovery.stacks };
}

test('every rule of iptables is listed, as iptables lists it', async () => {
  const listed = (await rules()).filter((rule) => rule.number !== null && rule.family === 'ip');
  const expected = (await host('iptables-nft-save')).split('\n').filter((line) => line.startsWith('-A'));
  expect(listed.map((rule) => rule.text).sort()).toEqual(expected.sort());
  for (const rule of listed.filter((one) => one.table === 'filter')) {
    const line = await host(`iptables-nft -t ${rule.table} -S ${rule.chain} ${rule.number}`);
    expect(line.trim()).toBe(rule.text);
  }
});

test('a handle of the kernel leads to the line and number of iptables', async () => {
  const find = ruleLookUp(machine);
  const listing = await host('nft -a list chain ip filter FORWARD 2>/dev/null');
  const handles = [...listing.matchAll(/^\t\t.* # handle (\d+)$/gm)].map((match) => Number(match[1]));
  expect(handles.length).toBeGreaterThan(2);
  for (const [index, handle] of handles.entries()) {
    const rule = await find(null, { family: 2, table: 'filter', chain: 'FORWARD', handle });
    expect(rule?.number).toBe(index + 1);
    expect(rule?.text).toBe((await host(`iptables-nft -S FORWARD ${index + 1}`)).trim());
  }
});

test('the kernel tells the chains that nft lists, and the handles of their rules', async () => {
  await host(
    'nft \'table netdev w { chain in { type filter hook ingress device "br0" priority 0; drop; }; }; table bridge w { chain f { type filter hook forward priority 0; }; }\'',
  );
  try {
    const told = machine.kernelTells('chains', null, null);
    if (!told.known) throw new Error(told.detail);
    const listed = parseNft(await host('nft -a list ruleset 2>/dev/null'));
    expect(tablesOf(told.value)).toEqual(
      listed.tables.map((table) => ({
        ...table,
        chains: table.chains.map((one) => ({ ...one, text: null })),
      })),
    );
    for (const { family, table, name } of told.value) {
      const handles = machine.kernelTells('handles', null, { family, table, chain: name });
      const rules = listed.counted.filter(
        ({ rule }) => rule.family === familyOf(family) && rule.table === table && rule.chain === name,
      );
      expect(handles).toMatchObject({
        value: rules.flatMap(({ rule }) => (rule.handle === null ? [] : [rule.handle])),
      });
    }
  } finally {
    await host('nft delete table netdev w; nft delete table bridge w');
  }
});

test('the kernel tells the entries of connection tracking that conntrack prints', async () => {
  const four = '-s 10.88.0.2 -d 198.51.100.1 --timeout 60';
  await host(`conntrack -I -p tcp ${four} --sport 4001 --dport 80 --state ESTABLISHED -u SEEN_REPLY,ASSURED -m 7
    conntrack -I -p tcp ${four} --sport 4002 --dport 80 --state SYN_SENT -w 5 -g 198.51.100.77
    conntrack -I -p udp ${four} --sport 53 --dport 53
    conntrack -I -p icmp ${four} --icmp-type 8 --icmp-code 0 --icmp-id 77
    conntrack -I -p tcp -s 10.88.0.3 -d 198.51.100.1 --timeout 60 --sport 4001 --dport 80 --state LISTEN
    conntrack -I -p udp -s fd00::2 -d fd00:1::1 --timeout 60 --sport 53 --dport 53
    conntrack -I -p icmpv6 -s fd00::2 -d fd00:1::1 --timeout 60 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 78`);
  const asked = [
    ['tcp', 4, '10.88.0.2', '198.51.100.1', 2],
    ['tcp', 4, null, '198.51.100.1', 3],
    ['udp', 4, '10.88.0.2', '198.51.100.1', 1],
    ['icmp', 4, '10.88.0.2', '198.51.100.1', 1],
    ['udp', 6, 'fd00::2', 'fd00:1::1', 1],
    ['icmpv6', 6, 'fd00::2', 'fd00:1::1', 1],
    ['udp', 4, '10.88.0.2', '198.51.100.9', 0],
  ] as const;
  // The seconds that are left run on.
  const steady = (line: string): string =>
    line
      .replace(/^(\S+ +\d+) +\d+/, '$1')
      .replace(/ +/g, ' ')
      .trim();
  for (const [proto, family, source, destination, count] of asked) {
    const told = machine.kernelTells('tracked', null, { family, proto, source, destination });
    if (!told.known) throw new Error(told.detail);
    const from = source ? `-s ${source}` : '';
    const printed = await host(
      `conntrack -L -f ipv${family} -p ${proto} -d ${destination} ${from} 2>/dev/null`,
    );
    const lines = printed.split('\n').filter((line) => line.includes('src='));
    expect(told.value.map(steady).toSorted()).toEqual(lines.map(steady).toSorted());
    expect(told.value).toHaveLength(count);
  }
  await host('conntrack -F');
});

test('the kernel tells the listening sockets that ss prints', async () => {
  const script = `import socket, sys
kept = []
def listen(kind, family, address, both=None, device=None):
    s = socket.socket(family, kind)
    if both is not None: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if both else 1)
    if device: s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device)
    s.bind(address)
    if kind == socket.SOCK_STREAM: s.listen(7)
    kept.append(s)
T, U, F, S = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.AF_INET, socket.AF_INET6
listen(T, F, ("127.0.0.1", 7001)); listen(T, F, ("0.0.0.0", 7002), device=b"br0")
listen(T, S, ("::", 7003), True); listen(T, S, ("::", 7004), False)
listen(U, F, ("0.0.0.0", 7006)); listen(U, S, ("::", 7007), True); listen(U, S, ("::ffff:127.0.0.1", 7008), True)
print("ready", flush=True)
sys.stdin.read()`;
  const program = lab.run('host', ['python3', '-c', script], {
    stdin: 'pipe',
    stdout: 'pipe',
    buffer: false,
  });
  await new Promise((resolve) => program.stdout.once('data', resolve));
  try {
    const ground = await groundOfA();
    const named = (all: readonly Listener[]) =>
      all
        .filter(({ side, port }) => side === 'host' && port > 7000 && port < 7010)
        .map((one) => ({ ...one, process: null }))
        .toSorted((a, b) => a.port - b.port);
    const told = await gather(machine, ground, ['listeners']);
    const silent: Machine = { ...machine, kernelTells: () => notKnown('unsupported', 'not told', []) };
    const printed = await gather(silent, ground, ['listeners']);
    if (!told.listeners?.known || !printed.listeners?.known) throw new Error('who listens is not known');
    expect(named(told.listeners.value)).toEqual(named(printed.listeners.value));
    expect(named(told.listeners.value)).toHaveLength(7);
  } finally {
    program.stdin.end();
    await program;
  }
});

test('the kernel tells whether there are policies of IPsec, and which queues', async () => {
  const policies = () => machine.kernelTells('policies', null, null);
  const queues = () => {
    const told = machine.kernelTells('queues', null, null);
    return told.known ? told.value.map(({ kind }) => kind) : told;
  };
  expect(policies()).toMatchObject({ known: true, value: 0 });
  expect(queues()).not.toContain('tbf');
  await host(`ip xfrm policy add src 10.88.0.2 dst 203.0.113.9 dir fwd action block
    tc qdisc add dev br0 root tbf rate 1gbit burst 64kb latency 50ms; tc qdisc add dev vetha clsact`);
  try {
    expect(policies()).toMatchObject({ known: true, value: 1 });
    expect(queues()).toEqual(expect.arrayContaining(['tbf', 'clsact']));
    const { traffic, xfrm } = await gather(machine, await groundOfA(), ['traffic', 'xfrm']);
    expect(traffic).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ hop: 'host/br0' })]),
    });
    expect(xfrm).toMatchObject({ value: [{ action: 'block', destination: '203.0.113.9/32' }] });
  } finally {
    await host('ip xfrm policy flush; tc qdisc del dev br0 root; tc qdisc del dev vetha clsact');
  }
});

test('the kernel tells the forwarding entries that bridge prints', async () => {
  await host(`ip link add vx7 type vxlan id 7 dstport 4789 local 192.0.2.1 dev up0
    ip link set vx7 master br0 up; ip link add br7 type bridge; ip link set br7 up
    bridge fdb add 02:00:00:00:00:01 dev vetha master static sticky
    bridge fdb add 02:00:00:00:00:02 dev vetha master dynamic extern_learn
    bridge fdb add 02:00:00:00:00:03 dev vx7 self dst 192.0.2.9 port 4999 vni 77
    bridge fdb append 00:00:00:00:00:00 dev vx7 self dst 192.0.2.10`);
  try {
    const indexes = JSON.parse(await host('ip -j link show')) as { ifname: string; ifindex: number }[];
    const nameOf = (ifindex: number | null) => indexes.find((one) => one.ifindex === ifindex)?.ifname ?? null;
    const sorted = (all: readonly FdbEntry[]) => all.map((one) => JSON.stringify(one)).toSorted();
    for (const [of, name, least] of [
      ['br', 'br0', 8],
      ['dev', 'vx7', 3],
    ] as const) {
      const { ifindex } = indexes.find((one) => one.ifname === name)!;
      const told = machine.kernelTells('forwarding', null, { of, ifindex });
      if (!told.known) throw new Error(told.detail);
      const entries = told.value.map(({ mac, ifindex, master, flags, state, vlan, dst }) => ({
        mac,
        dev: nameOf(ifindex)!,
        master: nameOf(master),
        flags,
        state,
        vlan,
        dst,
      }));
      const printed = parseFdb(await host(`bridge -j fdb show ${of} ${name}`), of === 'dev' ? name : '');
      expect(sorted(entries)).toEqual(sorted(printed));
      expect(entries.length).toBeGreaterThanOrEqual(least);
    }
  } finally {
    await host(
      'ip link del vx7; ip link del br7; bridge fdb del 02:00:00:00:00:01 dev vetha master; bridge fdb del 02:00:00:00:00:02 dev vetha master',
    );
  }
});

test('looking creates no legacy tables', async () => {
  const names = () => host('cat /proc/net/ip_tables_names 2>/dev/null');
  const before = await names();
  await rules();
  expect(await names()).toBe(before);
});

test('native tables stand beside those of iptables, each once', async () => {
  await host(
    "nft 'table inet guard { chain f { type filter hook forward priority 5; policy accept; ip saddr 203.0.113.9 drop; }; }'",
  );
  try {
    const mine = (await rules()).filter((rule) => rule.table === 'guard');
    expect(mine.map((rule) => [rule.engine, rule.chain, rule.number, rule.text, rule.owner])).toEqual([
      ['nft', 'f', null, 'type filter hook forward priority filter + 5; policy accept;', null],
      ['nft', 'f', 1, 'ip saddr 203.0.113.9 drop', null],
    ]);
  } finally {
    await host('nft delete table inet guard');
  }
});

test('a legacy rule is listed, and its counters tell that a probe met it', async () => {
  await host('iptables-legacy -A FORWARD -s 10.88.0.2 -d 198.51.100.1 -p icmp -j DROP');
  try {
    const count = async () => {
      const answer = await listRules(machine, null);
      return answer.known ? answer.value : [];
    };
    const before = await count();
    // 61 bytes of payload, 8 of ICMP and 20 of IP.
    await lab.step({ in: 'A', sh: 'ping -n -c3 -i0.01 -W1 -s61 198.51.100.1' });
    const hits = counterDifference(before, await count(), [89, 89, 89]);
    const drop = hits.find(({ rule }) => rule.verdict === 'drop' && rule.number !== null);
    expect(drop?.rule).toMatchObject({
      engine: 'iptables-legacy',
      table: 'filter',
      chain: 'FORWARD',
      number: 1,
    });
    expect(drop?.packets).toBeGreaterThan(0);
  } finally {
    await host('iptables-legacy -F FORWARD');
  }
});

test('every fact about the way of A to the internet can be gathered', async () => {
  const ground = await groundOfA();
  const answers = await gather(machine, ground, [
    'sysctls',
    'firewall',
    'conntrack',
    'traffic',
    'listeners',
    'fdb',
    'vlans',
    'xfrm',
    'cgroup',
    'resolver',
    'members',
    'replyRoute',
  ]);
  const silent = Object.entries(answers).filter(([, answer]) => !answer?.known);
  expect(silent).toEqual([]);
  const { sysctls, replyRoute, members, listeners, fdb } = answers;
  expect(sysctls?.known && sysctls.value.host['net.ipv4.ip_forward']).toBe('1');
  expect(replyRoute).toMatchObject({ value: { expected: 'br0', decision: { dev: 'br0' } } });
  const [b] = JSON.parse((await lab.step({ in: 'B', sh: 'ip -j link show eth0' })).said);
  expect(members?.known && members.value).toContainEqual(
    expect.objectContaining({
      port: 'vethb',
      name: 'eth0',
      mac: b.address,
      addresses: expect.arrayContaining(['10.88.0.3/24']),
    }),
  );
  expect(members?.known && members.value.map((member) => member.port)).not.toContain('vetha');
  expect(listeners?.known && listeners.value.some((one) => one.side === 'container' && one.port === 80)).toBe(
    true,
  );
  expect(fdb?.known && fdb.value.every((entry) => /^(veth[ab]|br0)$/.test(entry.dev))).toBe(true);
});

test('the connection of this flow is found among others', async () => {
  await lab.step({ in: 'A', sh: 'ask tcp 198.51.100.1 80' });
  await lab.step({ in: 'B', sh: 'ask tcp 198.51.100.1 80' });
  const { conntrack } = await gather(machine, await groundOfA(), ['conntrack']);
  if (!conntrack?.known) throw new Error(conntrack?.detail);
  expect(conntrack.value.entries.length).toBeGreaterThan(0);
  expect(new Set(conntrack.value.entries.map((entry) => entry.original.source))).toEqual(
    new Set(['10.88.0.2']),
  );
  expect(conntrack.value.entries[0]?.reply.destination).toBe('192.0.2.1');
  expect(conntrack.value.max).toBeGreaterThan(0);
});

test('a filter on an interface of the path shows with what it does', async () => {
  await host(
    'bpf-load; tc qdisc add dev vetha clsact; tc filter add dev vetha ingress bpf da object-pinned $BPF/tc_drop',
  );
  try {
    const { traffic } = await gather(machine, await groundOfA(), ['traffic']);
    if (!traffic?.known) throw new Error(traffic?.detail);
    expect(traffic.value.map(({ hop, kind, direction }) => [hop, kind, direction])).toEqual([
      ['host/vetha', 'qdisc', 'ingress'],
      ['host/vetha', 'filter', 'ingress'],
    ]);
    expect(traffic.value[1]?.text).toContain('tc_drop');
  } finally {
    await host('tc qdisc del dev vetha clsact');
  }
});
