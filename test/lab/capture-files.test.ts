// Capture files before strangers: the programs of Wireshark and tcpdump read what we write, and a hundred thousand hostile
// files meet our reader.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { hostile, withstood } from '../pcapng/hostile.ts';
import { read, sample } from '../pcapng/sample.ts';
import { beginCapture } from './captured.ts';
import { Lab } from './lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'netdoctor-files-'));
const file = join(folder, 'sample.pcapng');
writeFileSync(file, sample);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ask = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const fields = (from: string, ...names: string[]): string[][] =>
  ask(
    'tshark',
    '-r',
    from,
    '-Y',
    'frame.interface_id',
    '-T',
    'fields',
    ...names.flatMap((name) => ['-e', name]),
  )
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));

describe('the programs of Wireshark read the file', () => {
  test('tshark: interfaces, nanoseconds, journeys, directions, losses, comments', () => {
    expect(
      fields(
        file,
        ...['frame.time_epoch', 'frame.interface_name', 'frame.packet_id', 'frame.packet_flags_direction'],
        ...['frame.drop_count', 'frame.comment'],
      ),
    ).toEqual([
      ['1764340000.123456789', 'eth0@web', '7', '0x00000002', '', ''],
      [
        '1764340000.123477790',
        'eth0',
        '7',
        '0x00000002',
        '3',
        'dropped: NETFILTER_DROP,DOCKER-USER rule 1, written by hand',
      ],
    ]);
    expect(ask('tshark', '-r', file, '-Y', 'frame.packet_id == 7').trim().split('\n')).toHaveLength(2);
  });

  test('tshark shows names of the file for addresses', () => {
    expect(ask('tshark', '-N', 'n', '-r', file, '-Y', 'ip')).toContain('web → 198.51.100.1');
  });

  test('capinfos: two packets, two interfaces with their filter and statistics', () => {
    const said = ask('capinfos', file);
    expect(said).toMatch(/Number of packets: +2\n/);
    expect(said).toMatch(/Number of interfaces in file: +2\n/);
    expect(said).toContain('Filter string = udp port 53');
    expect(said).toContain('Number of stat entries = 1');
    expect(said).toContain('Capture application: netdoctor 0.1.0');
  });

  test('tcpdump reads it, which takes one link type and snaplen', () => {
    expect(ask('tcpdump', '-nr', file).trim().split('\n')).toHaveLength(2);
  });

  test('editcap copies it, and nothing is lost to us', () => {
    const copy = join(folder, 'copy.pcapng');
    ask('editcap', file, copy);
    const kinds = (bytes: Uint8Array) =>
      read(bytes).items.flatMap((item) => (item.type === 'packet' ? [item.id, item.at, item.comments] : []));
    expect(kinds(execFileSync('cat', [copy]))).toEqual(kinds(sample));
    const attached = read(execFileSync('cat', [copy])).items.filter(({ type }) => type === 'attachment');
    expect(attached).toEqual(read(sample).items.filter(({ type }) => type === 'attachment'));
  });
});

test('a capture of a ping through bridge and NAT: tshark finds both journeys, on every hop', async () => {
  const lab = await Lab.up();
  try {
    const saved = join(lab.folder, 'ping.pcapng');
    const capture = await beginCapture(lab, [`netns:${lab.names.A}`, '-w', saved, 'icmp']);
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W1 198.51.100.1' });
    await sleep(300);
    await capture.end();
    const eth0 = `eth0@${lab.names.A}`;
    const hops = [eth0, 'vetha', 'br0', 'up0'];
    expect(fields(saved, 'frame.packet_id', 'frame.interface_name', 'icmp.type')).toEqual([
      ...hops.map((hop) => ['1', hop, '8']),
      ...hops.toReversed().map((hop) => ['2', hop, '0']),
    ]);
    expect(ask('tshark', '-N', 'n', '-r', saved, '-Y', 'frame.packet_id == 1')).toContain(
      `${lab.names.A} → 198.51.100.1`,
    );
    expect(ask('capinfos', saved)).toMatch(/Number of packets: +8\n/);
    expect(ask('tcpdump', '-nr', saved).trim().split('\n')).toHaveLength(8);
  } finally {
    lab.down();
  }
});

describe('what those programs write is read', () => {
  test.each(['pcap', 'nsecpcap', 'pcapng'])('%s', (format) => {
    const other = join(folder, `other.${format}`);
    // A classic file has room for one interface, and none for our recording.
    ask('tshark', '-r', file, '-Y', 'frame.interface_id', '-F', format, '-w', other);
    const { items, malformed, incomplete } = read(execFileSync('cat', [other]));
    expect({ malformed, incomplete }).toEqual({ malformed: null, incomplete: null });
    const before = read(sample).items.flatMap((item) => (item.type === 'packet' ? [item.bytes] : []));
    expect(items.flatMap((item) => (item.type === 'packet' ? [item.bytes] : []))).toEqual(before);
  });
});

test('a hundred thousand hostile files are read to an end', () => {
  const before = process.memoryUsage().rss;
  fc.assert(fc.property(hostile, withstood), { numRuns: 100_000 });
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
}, 300_000);
