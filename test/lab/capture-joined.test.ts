// Bulk traffic whose packets are cut and joined on the way: beside a tcpdump on every hop, each packet has come through.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Packet } from '../../src/pcapng/content.ts';
import { beginCapture, beginTcpdump, byInterface, readCapture } from './captured.ts';
import { Lab } from './lab.ts';
import { program } from './lab-network.ts';
import type { Place } from './names.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

const HOPS: readonly (readonly [label: () => string, place: Place, device: string])[] = [
  [() => `eth0@${lab.names.A}`, 'A', 'eth0'],
  [() => 'vetha', 'host', 'vetha'],
  [() => 'br0', 'host', 'br0'],
  [() => 'up0', 'host', 'up0'],
];
const PORT = 5201;
const BYTES = 400_000;
const LARGE = 1514;
const SNAPLEN = 128;

/** Sends so much over one connection, or takes it, and ends by itself. */
const listens = (work: string): string =>
  `use IO::Socket::INET; $s = IO::Socket::INET->new(Listen => 1, LocalPort => ${PORT}, ReuseAddr => 1) or die; alarm 20; $c = $s->accept; ${work}`;
const GIVE = `print $c "x" x ${BYTES};`;
const TAKE = 'while (read $c, $b, 65536) { $n += length $b } print "$n\\n";';
const connects = (work: string): string =>
  `use IO::Socket::INET; alarm 20; $c = IO::Socket::INET->new("198.51.100.1:${PORT}") or die; ${work}`;
/** UDP_SEGMENT of udp(7): as many datagrams of 1200 bytes at once as make 12,000. */
const BURSTS = 5;
const burst = `use Socket; socket $s, AF_INET, SOCK_DGRAM, 0; setsockopt $s, 17, 103, pack "i", 1200 or die; $to = pack_sockaddr_in ${PORT}, inet_aton "198.51.100.1"; for $n (1 .. ${BURSTS}) { $data = join "", map { pack "NNx1192", $n, $_ } 1 .. 10; send($s, $data, 0, $to) == 12000 or die $!; select undef, undef, undef, 0.05 }`;
const perl = (script: string): string => `perl -e '${script}'`;

interface Trial {
  readonly filter: string;
  readonly offloads: readonly string[];
  readonly back: readonly string[];
  traffic(): Promise<void>;
}

/** The capture's file, its document's ways, and what each tcpdump has. */
async function sideBySide({ filter, offloads, back, traffic }: Trial) {
  const file = join(
    lab.folder,
    `joined-${filter.split(' ')[0]}-${Math.random().toString(36).slice(2)}.pcapng`,
  );
  for (const sh of offloads)
    expect(await lab.step({ in: place(sh), sh: bare(sh) })).toMatchObject({ exitCode: 0 });
  const dumps = await Promise.all(
    HOPS.map(([, on, device]) => beginTcpdump(lab, on, device, filter, SNAPLEN)),
  );
  const capture = await beginCapture(lab, [
    `netns:${lab.names.A}`,
    '--save',
    file,
    '--print',
    ...filter.split(' '),
  ]);
  await traffic();
  await sleep(400);
  const { stdout, stderr } = await capture.end();
  const theirs = await Promise.all(dumps.map((dump) => dump.end()));
  for (const sh of back) await lab.step({ in: place(sh), sh: bare(sh) });
  const found = byInterface(readCapture(file));
  const again = await lab.run('LAN', [program, 'replay', file], { reject: false });
  return {
    ours: HOPS.map(([label]) => found.get(label())!),
    theirs,
    stdout,
    stderr,
    replayed: String(again.stdout),
  };
}
/** `A: ethtool …` */
const place = (line: string): Place => line.split(': ')[0] as Place;
const bare = (line: string): string => line.slice(line.indexOf(': ') + 2);

/** Numbers of the packets that are in a frame. */
const packetsIn = ({ id, comments }: Packet): string[] => {
  const told = comments.flatMap((one) => /^packets (.*) in one$/.exec(one)?.[1]?.split(/, | and /) ?? []);
  return told.length > 0 ? told : [String(id)];
};
const allOf = (frames: readonly Packet[]): string[] => [...new Set(frames.flatMap(packetsIn))].sort();
const lengths = (frames: readonly { readonly length: number }[]): number[] =>
  frames.map(({ length }) => length);

/** Source address of IPv4, the 26th byte of an Ethernet frame on (RFC 791). */
const senderOf = ({ bytes }: Packet): string => [...bytes.subarray(26, 30)].join('.');
const bySender = (frames: readonly Packet[]): Record<string, number[]> =>
  Object.fromEntries(
    [...new Set(frames.map(senderOf))]
      .sort()
      .map((sender) => [sender, lengths(frames.filter((frame) => senderOf(frame) === sender))]),
  );

/**
 * Frame for frame as the tcpdump beside it, with the length that each had; and no packet that one hop alone has. Each way
 * by itself: two processors bring data and its acknowledgements, and two sockets may get these in another order.
 */
function expectWhole({ ours, theirs }: Awaited<ReturnType<typeof sideBySide>>): void {
  for (const [at, [label]] of HOPS.entries())
    expect({ hop: label(), lengths: bySender(ours[at]!) }).toEqual({
      hop: label(),
      lengths: bySender(theirs[at]!),
    });
  const first = allOf(ours[0]!);
  expect(first.length).toBeGreaterThan(1);
  for (const frames of ours) expect(allOf(frames)).toEqual(first);
}

/** Both ends of a connection, until the one who takes has all of it. */
async function connection(inLan: string, inA: string): Promise<void> {
  const server = lab.step({ in: 'LAN', sh: perl(listens(inLan)) });
  await sleep(300);
  const client = await lab.step({ in: 'A', sh: perl(connects(inA)) });
  const served = await server;
  expect(`${client.said}${served.said}`).toContain(String(BYTES));
}

describe('each packet has come through, whoever cut and joined it', () => {
  test('a stream out, that the uplink gets in pieces', async () => {
    const done = await sideBySide({
      filter: `tcp port ${PORT}`,
      offloads: ['host: ethtool -K up0 tso off gso off'],
      back: ['host: ethtool -K up0 tso on gso on'],
      traffic: () => connection(TAKE, GIVE),
    });
    expectWhole(done);
    const [eth0, , , up0] = done.ours;
    // How much goes in one piece is as fast as the machine is.
    expect(Math.max(...lengths(eth0!))).toBeGreaterThan(2 * LARGE);
    expect(Math.max(...lengths(up0!))).toBeLessThanOrEqual(LARGE);
    expect(done.stdout).toMatch(/ → up0 in \d+ pieces \+\d+ us {2}IP 10\.88\.0\.2/);
    expect(done.replayed).toMatch(/ → up0 in \d+ pieces \+\d+ us {2}IP 10\.88\.0\.2/);
  });

  test('a stream in, that the container’s end joins again', async () => {
    const done = await sideBySide({
      filter: `tcp port ${PORT}`,
      offloads: [
        'LAN: ethtool -K eth0 tso off gso off',
        'host: ethtool -K vetha tso off gso off',
        'A: ethtool -K eth0 gro on',
      ],
      back: [
        'LAN: ethtool -K eth0 tso on gso on',
        'host: ethtool -K vetha tso on gso on',
        'A: ethtool -K eth0 gro off',
      ],
      traffic: () => connection(GIVE, TAKE),
    });
    expectWhole(done);
    const [eth0, vetha] = done.ours;
    expect(Math.max(...lengths(vetha!))).toBeLessThanOrEqual(LARGE);
    expect(Math.max(...lengths(eth0!))).toBeGreaterThan(LARGE);
    expect(done.stdout).toMatch(new RegExp(`eth0@${lab.names.A} with \\d+ others? \\+\\d+ us {2}IP 198`));
    expect(done.replayed).toMatch(new RegExp(`eth0@${lab.names.A} with \\d+ others? \\+\\d+ us {2}IP 198`));
  });

  test('bursts of datagrams, that the uplink gets one by one', async () => {
    const done = await sideBySide({
      filter: `udp port ${PORT}`,
      offloads: ['host: ethtool -K up0 gso off tx-udp-segmentation off'],
      back: ['host: ethtool -K up0 gso on tx-udp-segmentation on'],
      traffic: async () =>
        expect(await lab.step({ in: 'A', sh: perl(burst) })).toMatchObject({ exitCode: 0 }),
    });
    expectWhole(done);
    const [eth0, , , up0] = done.ours;
    expect(lengths(eth0!)).toEqual(Array(BURSTS).fill(12_042));
    expect(lengths(up0!)).toEqual(Array(BURSTS * 10).fill(1242));
    expect(done.stdout.match(/ → up0 in 10 pieces /g)).toHaveLength(BURSTS);
    expect(done.replayed.match(/ → up0 in 10 pieces /g)).toHaveLength(BURSTS);
  });
});
