// `netdoctor capture` on a lab's host: the same packets as a tcpdump on each hop, at the same moments, and what no tcpdump
// tells: which of them are one.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureLine, capture as captureSchema } from '../../src/output/schema/documents/capture.ts';
import type { Packet } from '../../src/pcapng/content.ts';
import { beginCapture, beginTcpdump, byInterface, packetsOf, readCapture } from './captured.ts';
import { Lab } from './lab.ts';
import { program } from './lab-network.ts';
import type { Place } from './names.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up({ ipv6: true });
});
afterAll(() => lab.down());

let files = 0;
const newFile = (ending = 'pcapng'): string => join(lab.folder, `capture-${++files}.${ending}`);
const target = (place: Place = 'A'): string => `netns:${lab.names[place]}`;
const eth0 = (place: Place = 'A', device = 'eth0'): string => `${device}@${lab.names[place]}`;

interface Trial {
  readonly from?: Place;
  readonly filter: string;
  /** What tcpdump is asked for where NAT has changed the addresses. */
  readonly hops: readonly (readonly [label: string, place: Place, device: string])[];
  readonly sh: string;
}

/** Captures while something is done, with a tcpdump on each hop. */
async function sideBySide({ from = 'A', filter, hops, sh }: Trial) {
  const file = newFile();
  const dumps = await Promise.all(hops.map(([, place, device]) => beginTcpdump(lab, place, device, filter)));
  const capture = await beginCapture(lab, [
    target(from),
    '--payload',
    '--print',
    '--save',
    file,
    ...filter.split(' '),
  ]);
  await lab.step({ in: from, sh });
  await sleep(300);
  const { exitCode, stdout, stderr } = await capture.end();
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const theirs = await Promise.all(dumps.map((dump) => dump.end()));
  const ours = byInterface(readCapture(file));
  return { file, stdout, stderr, ours, theirs };
}

type Frame = Pick<Packet, 'at' | 'bytes' | 'length'>;
const essence = ({ bytes, length }: Frame): string => `${length} ${Buffer.from(bytes).toString('hex')}`;
/** Microseconds between the two stamps of each frame, the largest. The kernel takes one for both, or one for each. */
const apart = (ours: readonly Frame[], theirs: readonly Frame[]): number =>
  Math.max(...ours.map(({ at }, n) => Math.abs(Number(at! - theirs[n]!.at!)) / 1000));

/** Other programs of a busy machine may run between two stamps. Microseconds. */
const CLOSE = 5000;

function expectSame(label: string, ours: readonly Frame[], theirs: readonly Frame[]): void {
  expect({ label, frames: ours.map(essence) }).toEqual({ label, frames: theirs.map(essence) });
  expect(apart(ours, theirs)).toBeLessThan(CLOSE);
}

describe('the same as a tcpdump on each hop', () => {
  const nat = () =>
    [
      [eth0(), 'A', 'eth0'],
      ['vetha', 'host', 'vetha'],
      ['br0', 'host', 'br0'],
      ['up0', 'host', 'up0'],
    ] as const;

  test.each([
    ['a connection through bridge and NAT', 'tcp port 80', 'ask tcp 198.51.100.1 80', /Flags \[S\]/],
    [
      'pings of IPv6, whose addresses are translated too',
      'icmp6 and ip6[40] >= 128 and ip6[40] < 130',
      'ping -6 -n -c3 -i0.1 -W1 2001:db8::2',
      /ICMP6, echo request/,
    ],
    [
      'datagrams and their refusals',
      'udp port 33999 or icmp',
      'echo x >/dev/udp/198.51.100.1/33999; sleep 0.2; echo x >/dev/udp/198.51.100.1/33999',
      /udp port 33999 unreachable/,
    ],
  ])('%s', async (_, filter, sh, says) => {
    const { ours, theirs, stdout, stderr } = await sideBySide({ filter, hops: nat(), sh });
    for (const [at, [label]] of nat().entries()) {
      expect(theirs[at]!.length).toBeGreaterThan(1);
      expectSame(label, ours.get(label)!, theirs[at]!);
    }
    expect(stdout).toMatch(says);
    // Each packet crosses all four, and is one.
    const ids = [...ours.values()].map((packets) => packets.map(({ id }) => id).toSorted());
    expect(new Set(ids.map((all) => all.join())).size).toBe(1);
    expect(new Set(ids[0]).size).toBe(ids[0]!.length);
    expect(stdout.trim().split('\n')).toHaveLength(ids[0]!.length);
    for (const [label] of nat())
      expect(stderr).toMatch(new RegExp(`${label} +${ids[0]!.length} captured .* 0 lost by the kernel`));
  });

  test('a macvlan, whose packets no rule of the host sees', async () => {
    await lab.steps([
      {
        in: 'host',
        sh: `ip link add mv0 link up0 type macvlan mode bridge; ip link set mv0 netns ${lab.names.B}`,
      },
      { in: 'B', sh: 'ip addr add 192.0.2.77/24 dev mv0; ip link set mv0 up' },
    ]);
    const hops = [
      [eth0('B', 'mv0'), 'B', 'mv0'],
      ['up0', 'host', 'up0'],
    ] as const;
    const { ours, theirs } = await sideBySide({
      from: 'B',
      filter: 'host 192.0.2.77 and icmp',
      hops,
      sh: 'ping -n -c2 -i0.2 -W1 192.0.2.2',
    });
    for (const [at, [label]] of hops.entries()) {
      expect(theirs[at]!).toHaveLength(4);
      expectSame(label, ours.get(label)!, theirs[at]!);
    }
    expect(ours.get('up0')!.map(({ id }) => id)).toEqual(ours.get(eth0('B', 'mv0'))!.map(({ id }) => id));
  });
});

describe('one line a packet', () => {
  test('out and in, with every hop in order, and the addresses that NAT gave it', async () => {
    const capture = await beginCapture(lab, [target(), 'icmp']);
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W1 198.51.100.1' });
    await sleep(400);
    const { stdout, exitCode } = await capture.end();
    const [request, reply] = stdout.split('\n');
    const step = String.raw`\+\d+`;
    expect(request).toMatch(
      new RegExp(
        String.raw`^\d\d:\d\d:\d\d\.\d{6} Out ${eth0()} → vetha ${step} → br0 ${step} → up0 ${step} us  IP 10\.88\.0\.2 > 198\.51\.100\.1: ICMP echo request, .* \[at up0: 192\.0\.2\.1 > 198\.51\.100\.1\]$`,
      ),
    );
    expect(reply).toMatch(
      new RegExp(` In  up0 → br0 ${step} → vetha ${step} → ${eth0()} ${step} us  IP 198`),
    );
    expect(exitCode).toBe(0);
  });

  test('why it went no further, where the kernel says so, in the file too', async () => {
    const file = newFile();
    await lab.step({ in: 'host', sh: 'iptables -I FORWARD -s 10.88.0.2 -p icmp -j DROP' });
    const capture = await beginCapture(lab, [target(), '-w', file, '--print', 'icmp']);
    await lab.step({ in: 'A', sh: 'ping -n -c2 -i0.2 -W1 198.51.100.1' });
    await sleep(400);
    const { stdout } = await capture.end();
    await lab.step({ in: 'host', sh: 'iptables -D FORWARD -s 10.88.0.2 -p icmp -j DROP' });
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(line).toMatch(
        / → vetha \+\d+ → br0 \+\d+ us {2}IP .* ✗ dropped: NETFILTER_DROP at nft_do_chain$/,
      );
    const packets = packetsOf(readCapture(file));
    expect(packets.map(({ comments }) => comments)).toEqual([
      [],
      [],
      ['dropped: NETFILTER_DROP at nft_do_chain'],
      [],
      [],
      ['dropped: NETFILTER_DROP at nft_do_chain'],
    ]);
    // What was armed has been taken back.
    const instances = '/sys/kernel/tracing/instances';
    const left = existsSync(instances) ? readdirSync(instances) : [];
    expect(left.filter((name) => name.startsWith(`netdoctor-${capture.pid}-`))).toEqual([]);
  });

  test('by libpcap too, the same packets', async () => {
    const capture = await beginCapture(lab, [target(), '--engine', 'cap', 'icmp']);
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W1 198.51.100.1' });
    await sleep(400);
    const { stdout } = await capture.end();
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(2);
    for (const label of [eth0(), 'vetha', 'br0', 'up0'])
      for (const line of lines) expect(line).toContain(label);
  });

  test('a large segment that the uplink gets in pieces is one of them, and one in the file', async () => {
    const file = newFile();
    await lab.step({ in: 'host', sh: 'ethtool -K up0 tso off gso off' });
    const capture = await beginCapture(lab, [target(), '-w', file, '--print', 'tcp port 80']);
    await lab.step({ in: 'A', sh: 'head -c 60000 /dev/zero >/dev/tcp/198.51.100.1/80 || true' });
    await sleep(400);
    const { stdout } = await capture.end();
    await lab.step({ in: 'host', sh: 'ethtool -K up0 tso on gso on' });
    expect(stdout).toMatch(
      / → br0 \+\d+ → up0 in \d+ pieces \+\d+ us {2}IP 10\.88\.0\.2\.\d+ > 198\.51\.100\.1\.80: Flags/,
    );
    const files = byInterface(readCapture(file));
    const [large] = files.get('br0')!.filter(({ length }) => length > 1600);
    const pieces = files.get('up0')!.filter(({ id }) => id === large!.id);
    expect(pieces.length).toBeGreaterThan(1);
    const data = (frames: readonly Frame[]): number =>
      frames.reduce((sum, { length }) => sum + length - 66, 0);
    expect(data(pieces)).toBe(data([large!]));
  });

  test('what others send by the same uplink is not the target’s', async () => {
    const capture = await beginCapture(lab, [target(), 'icmp']);
    await lab.step({ in: 'host', sh: 'ping -n -c2 -i0.2 -W1 198.51.100.1' });
    await lab.step({ in: 'C', sh: 'ping -n -c2 -i0.2 -W1 198.51.100.1' });
    await sleep(300);
    const { stdout, stderr } = await capture.end();
    expect(stdout).toBe('');
    expect(stderr).toMatch(/up0 +0 captured +8 passed the filter/);
  });

  test('a filter that names the container is rewritten behind NAT, or said not to apply', async () => {
    const capture = await beginCapture(lab, [target(), 'src', 'host', '10.88.0.2', 'and', 'icmp']);
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W1 198.51.100.1' });
    await sleep(300);
    const { stdout, stderr } = await capture.end();
    expect(stderr).toContain(
      'behind NAT the filter at up0 is: (src host 10.88.0.2 or src host 192.0.2.1) and icmp',
    );
    expect(stdout).toMatch(/→ up0 \+\d+ us/);
    const other = await beginCapture(lab, [target(), 'net', '10.88.0.0/24']);
    expect((await other.end()).stderr).toMatch(/a subnet .* nothing is taken at up0/);
  });

  test('only at the hops that are named, so many packets', async () => {
    const capture = await beginCapture(lab, [target(), '--hop', 'br0', '-c', '2', 'icmp']);
    await lab.step({ in: 'A', sh: 'ping -n -c3 -i0.2 -W1 198.51.100.1' });
    const { stdout, stderr } = await capture.end();
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stderr).toContain('2 packets, seen 2 times');
    expect(stderr).not.toContain('up0');
  });

  test('at the uplink alone, the target’s are told from the others’ all the same', async () => {
    const file = newFile();
    const capture = await beginCapture(lab, [target(), '--hop', 'up0', '-w', file, '--print', 'icmp']);
    await lab.step({ in: 'C', sh: 'ping -n -c1 -W1 198.51.100.1' });
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W1 198.51.100.1' });
    await sleep(300);
    const { stdout, stderr } = await capture.end();
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.slice(16, 23)),
    ).toEqual(['Out up0', 'In  up0']);
    expect(stderr).not.toContain('eth0');
    expect([...byInterface(readCapture(file))].map(([name, packets]) => [name, packets.length])).toEqual([
      ['up0', 2],
    ]);
  });

  test('of a container without any address, what it and its bridge say', async () => {
    await lab.step({ in: 'C', sh: 'ip addr flush dev eth0; ip link set eth0 up' });
    const capture = await beginCapture(lab, [target('C'), 'arp']);
    await lab.step({
      in: 'C',
      sh: 'ip addr add 10.89.0.2/24 dev eth0; ping -n -c1 -W1 10.89.0.1; ip route add default via 10.89.0.1',
    });
    await sleep(300);
    const { stdout } = await capture.end();
    expect(stdout).toMatch(
      new RegExp(`Out ${eth0('C')} → vethc \\+\\d+ → br1 .*ARP, Request who-has 10.89.0.1`),
    );
  });
});

describe('a file', () => {
  test('is its owner’s alone, of the person behind sudo, and holds headers alone unless told', async () => {
    const file = newFile();
    const began = await lab.run(
      'host',
      [
        'env',
        'SUDO_UID=1234',
        'SUDO_GID=1235',
        program,
        'capture',
        target(),
        '-w',
        file,
        '--duration',
        '1.5',
      ],
      { reject: false },
    );
    expect(began.exitCode).toBe(0);
    expect(statSync(file)).toMatchObject({ uid: 1234, gid: 1235 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await lab.run('host', [program, 'capture', target(), '-w', file], { reject: false });
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);

    const headers = newFile();
    const capture = await beginCapture(lab, [target(), '-w', headers, 'udp']);
    await lab.step({ in: 'A', sh: 'echo SECRET >/dev/udp/198.51.100.1/4000' });
    await sleep(300);
    await capture.end();
    expect(packetsOf(readCapture(headers)).length).toBeGreaterThan(3);
    expect(readFileSync(headers).includes('SECRET')).toBe(false);
  });

  test('into a pipe, which tcpdump reads', async () => {
    const out = newFile('txt');
    // With job control, or what runs in the background would not hear of Ctrl-C.
    const sh = `set -m; mkfifo $LAB/pipe
      tcpdump -lnr $LAB/pipe >"${out}" 2>/dev/null &
      "${program}" capture ${target()} -w - icmp >$LAB/pipe 2>$LAB/said & capture=$!
      until grep -q 'listening on' $LAB/said; do sleep 0.05; done
      nsenter --net=/run/netns/$A ping -n -c1 -W1 198.51.100.1 >/dev/null
      until [ $(grep -c 'ICMP echo' "${out}") = 8 ]; do sleep 0.05; done
      kill -INT $capture; wait`;
    await lab.step({ in: 'host', sh });
    expect(readFileSync(out, 'utf8').match(/ICMP echo re(quest|ply)/g)).toHaveLength(8);
  });

  test('one after the other, each of which is read alone', async () => {
    const file = newFile();
    const capture = await beginCapture(lab, [target(), '--payload', '-w', file, '--rotate', '4k', 'icmp']);
    await lab.step({ in: 'A', sh: 'ping -n -c8 -i0.1 -W1 198.51.100.1' });
    await sleep(300);
    const { stderr } = await capture.end();
    const all = [file, ...[1, 2, 3].map((at) => file.replace('.pcapng', `-${at}.pcapng`))].filter(existsSync);
    expect(all.length).toBeGreaterThan(1);
    const read = all.map(readCapture);
    expect(read.map(({ malformed, incomplete }) => malformed ?? incomplete)).toEqual(all.map(() => null));
    expect(read.flatMap(packetsOf)).toHaveLength(64);
    expect(stderr).toContain('64 frames saved in');
  });

  test('a full disk: what is announced is in the file, which ends with a whole packet', async () => {
    const folder = join(lab.folder, 'small');
    const { exitCode } = await lab.run(
      'host',
      ['bash', '-c', `mkdir "${folder}" && mount -t tmpfs -o size=16k none "${folder}"`],
      { reject: false },
    );
    expect(exitCode).toBe(0);
    try {
      const file = join(folder, 'full.pcapng');
      const capture = await beginCapture(lab, [target(), '--payload', '-w', file, '--print', 'icmp']);
      await lab.step({ in: 'A', sh: 'ping -n -c20 -i0.05 -s 400 -W1 198.51.100.1' });
      const { exitCode, stderr, stdout } = await capture.end();
      expect(exitCode).toBe(3);
      expect(stderr).toContain('No space is left where it is saved.');
      const { malformed, incomplete, items } = readCapture(file);
      expect([malformed, incomplete]).toEqual([null, null]);
      const packets = items.filter(({ type }) => type === 'packet');
      expect(stderr).toContain(`${packets.length} frames saved in`);
      // A line is told when its packet is in the file at every hop.
      expect(packets.length).toBeGreaterThanOrEqual(stdout.trim().split('\n').filter(Boolean).length * 4);
    } finally {
      await lab.run('host', ['umount', folder], { reject: false });
    }
  });
});

describe('for scripts', () => {
  test('a line a packet, and the document last, which counts them', async () => {
    await lab.step({ in: 'host', sh: 'iptables -I FORWARD -s 10.88.0.2 -p udp -j DROP' });
    const capture = await beginCapture(lab, [target(), '--ndjson', 'icmp or udp port 4000']);
    await lab.step({
      in: 'A',
      sh: 'ping -n -c2 -i0.2 -W1 198.51.100.1; echo x >/dev/udp/198.51.100.1/4000',
    });
    await sleep(400);
    const { stdout, exitCode } = await capture.end();
    await lab.step({ in: 'host', sh: 'iptables -D FORWARD -s 10.88.0.2 -p udp -j DROP' });
    expect(exitCode).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const document = captureSchema.parse(lines.pop());
    for (const line of lines) expect(captureLine.parse(line)).toEqual(line);
    expect(lines.map(({ type, heading }) => [type, heading])).toEqual([
      ['listening', undefined],
      ['packet', 'out'],
      ['packet', 'in'],
      ['packet', 'out'],
      ['packet', 'in'],
      ['packet', 'out'],
    ]);
    const way = ['container/eth0', 'host/vetha', 'host/br0', 'host/up0'];
    expect(document.ways).toEqual(
      expect.arrayContaining([
        { heading: 'out', hops: way, packets: 2 },
        { heading: 'in', hops: way.toReversed(), packets: 2 },
        { heading: 'out', hops: way.slice(0, 3), packets: 1 },
      ]),
    );
    expect(document.losses).toEqual([
      { after: 'host/br0', reason: 'NETFILTER_DROP', function: 'nft_do_chain', packets: 1 },
    ]);
    expect(document.hops.map(({ id, captured, lost }) => [id, captured, lost])).toEqual(
      way.map((id, at) => [id, at < 3 ? 5 : 4, 0]),
    );
  });

  test('one document alone, and an error as one', async () => {
    const words = [program, 'capture', target(), '--json', '--duration', '0.5', 'icmp'];
    const { stdout, exitCode } = await lab.run('host', words, { reject: false });
    expect(exitCode).toBe(0);
    expect(captureSchema.parse(JSON.parse(stdout))).toMatchObject({ packets: 0, ways: [], because: null });
    const wrong = await lab.run('host', [program, 'capture', target(), '--json', '--hop', 'br9'], {
      reject: false,
    });
    expect([wrong.exitCode, JSON.parse(wrong.stdout)]).toMatchObject([2, { schema: 'netdoctor/error/1' }]);
  });
});

test('shown again by replay, the same lines', async () => {
  const file = newFile();
  const capture = await beginCapture(lab, [target(), '-w', file, '--print', 'icmp or tcp']);
  await lab.step({ in: 'A', sh: 'ping -n -c2 -i0.2 -W1 198.51.100.1; ask tcp 198.51.100.1 80' });
  await sleep(300);
  const { stdout } = await capture.end();
  const replayed = await lab.run('LAN', [program, 'replay', file], { reject: false });
  expect(replayed.exitCode).toBe(0);
  expect(replayed.stdout.split('\n').slice(0, stdout.trim().split('\n').length)).toEqual(
    stdout.trim().split('\n'),
  );
});

test('words that are no filter, and hops that are none, are refused', async () => {
  const wrong = await lab.run('host', [program, 'capture', target(), 'port', 'nonsense', 'and'], {
    reject: false,
  });
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('cannot be a filter')]);
  const hop = await lab.run('host', [program, 'capture', target(), '--hop', 'br9'], { reject: false });
  expect([hop.exitCode, hop.stderr]).toEqual([2, expect.stringContaining('Did you mean br0?')]);
});
