// What tcpdump says of a packet, we say in the same words.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { asText, hexDump } from '../../src/capture/text/dump.ts';
import { packetText } from '../../src/capture/text/packet.ts';
import { tcpText } from '../../src/capture/text/tcp.ts';
import { LINK } from '../../src/pcapng/content.ts';
import { interfaceBlock, packetBlock, sectionBlock } from '../../src/pcapng/writer.ts';
import { segment } from '../../src/wire/transport.ts';
import { packet, uplink } from '../pcapng/sample.ts';
import { FRAMES, seen } from './frames.ts';

const folder = mkdtempSync(join(tmpdir(), 'netdoctor-text-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = join(folder, 'frames.pcapng');
writeFileSync(
  file,
  Buffer.concat([
    sectionBlock('netdoctor', null),
    interfaceBlock(uplink, LINK.ethernet, 0),
    ...Object.values(FRAMES).map((bytes) => packetBlock(packet({ bytes }))),
  ]),
);
/** Without the moment, what it makes of data by the port, and its complaint of checksums we did not make. */
const said = (...letters: string[]): string[] =>
  execFileSync('tcpdump', ['-nnSt', ...letters, '-r', file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trim()
    .split('\n')
    .map((line) => line.replace(/: HTTP.*$/, '').replace(/ \[.*cksum.*?\]/, ''));

describe('in the words of tcpdump', () => {
  const [plain, quiet] = [said(), said('-q')];
  test.each(Object.entries(FRAMES).map(([name, bytes], at) => ({ name, bytes, at })))(
    '$name',
    ({ bytes, at }) => {
      expect(packetText(seen(bytes))).toBe(plain[at]);
      const short = packetText(seen(bytes), { quiet: true });
      // Of datagrams and segments -q says less; of others, other things.
      if (/tcp|UDP/.test(quiet[at]!)) expect(short).toBe(quiet[at]);
    },
  );
});

test.each(['an echo', 'who has', 'solicitation'])(
  '-e tells both hardware addresses of %s, and the length of the frame',
  (name) => {
    expect(packetText(seen(FRAMES[name]!), { link: true })).toBe(
      said('-e')[Object.keys(FRAMES).indexOf(name)],
    );
  },
);

test('-v tells the fields of the IP header', () => {
  expect(packetText(seen(FRAMES['an echo']!), { verbose: true })).toBe(
    'IP (tos 0x0, ttl 64, id 0, offset 0, flags [none], proto icmp, length 38) 10.88.0.2 > 198.51.100.1: ICMP echo request, id 5, seq 7, length 18',
  );
  expect(packetText(seen(FRAMES['an IPv6 echo']!), { verbose: true })).toContain('IP6 (class 0x0, hlim 64,');
});

test('-X and -A show the bytes from the network header on', () => {
  const bytes = FRAMES['a datagram']!;
  const blocks = said('-X')
    .join('\n')
    .split(/^(?=\S)/m);
  const at = Object.keys(FRAMES).indexOf('a datagram');
  expect(hexDump(bytes.subarray(14))).toEqual(blocks[at]!.trimEnd().split('\n').slice(1));
  expect(asText(Buffer.from('GET / HTTP/1.1\r\nHost: a\u001b[2J\r\n'))).toEqual([
    'GET / HTTP/1.1.',
    'Host: a.[2J.',
  ]);
});

test.each([
  ['wscale', [3, 2, 1, 1], 'opt-3 cut,nop,nop'],
  ['mss', [2, 3, 5, 1], 'opt-2 cut,nop'],
  ['TS', [8, 6, 0, 0, 0, 7, 4, 2], 'opt-8 cut,sackOK'],
])('a TCP option %s that is shorter than its kind must be is said to be cut', (_, options, says) => {
  const bytes = Uint8Array.from([...new Array<number>(20).fill(0), ...options]);
  bytes[12] = (bytes.length / 4) << 4;
  expect(tcpText(segment(bytes)!, 0)).toContain(`options [${says}]`);
});

test('a cut or broken frame is said to be one, and never throws', () => {
  const broken = fc
    .record({
      frame: fc.constantFrom(...Object.values(FRAMES)),
      keep: fc.nat(90),
      at: fc.nat(89),
      value: fc.nat(255),
    })
    .map(({ frame, keep, at, value }) => {
      const bytes = Uint8Array.from(frame.subarray(0, Math.max(14, keep)));
      if (at >= 14 && at < bytes.length) bytes[at] = value;
      return seen(bytes, { length: frame.length });
    });
  fc.assert(
    fc.property(broken, (one) => !packetText(one, { verbose: true, link: true }).includes('undefined')),
    { numRuns: 3000 },
  );
});
