/** `netdoctor capture` beside a tcpdump on each hop, in a lab. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultPromise } from 'execa';
import { SCHEMA } from '../../src/host/record/recording.ts';
import type { Packet } from '../../src/pcapng/content.ts';
import { type Read, read } from '../pcapng/sample.ts';
import type { Lab } from './lab.ts';
import { program } from './lab-network.ts';
import type { Place } from './names.ts';

const STREAMS = { reject: false, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', timeout: 60_000 } as const;

/** What a program says first tells that it listens. */
async function listening(child: ResultPromise<typeof STREAMS>): Promise<void> {
  for (let said = ''; !/listening on .*\n/.test(said); ) {
    const [piece] = await Promise.race([once(child.stderr, 'data'), child.then(() => [null])]);
    if (piece === null) throw new Error(`it ended: ${said}${(await child).stderr}`);
    said += String(piece);
  }
}

export interface Captured {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Begins a capture on the lab's host; ended by Ctrl-C, unless it ends itself. */
export async function beginCapture(
  lab: Lab,
  words: readonly string[],
): Promise<{ readonly pid: number | undefined; end(): Promise<Captured> }> {
  const child = lab.run('host', [program, 'capture', ...words], STREAMS);
  await listening(child);
  return {
    pid: child.pid,
    async end() {
      child.kill('SIGINT');
      const { exitCode, stdout, stderr } = await child;
      return { exitCode, stdout, stderr };
    },
  };
}

/** A tcpdump into a file, to the nanosecond; `end` gives what it has. Of whole frames (0) its buffer holds a few only. */
export async function beginTcpdump(
  lab: Lab,
  place: Place,
  device: string,
  filter: string,
  snaplen = 0,
): Promise<{ end(): Promise<Packet[]> }> {
  const file = join(lab.folder, `${place}-${device}.pcap`);
  const words = [
    '-i',
    device,
    '-p',
    '--immediate-mode',
    '--time-stamp-precision=nano',
    '-U',
    '-s',
    String(snaplen),
    '-w',
    file,
    filter,
  ];
  const child = lab.run(place, ['tcpdump', ...words], STREAMS);
  await listening(child);
  return {
    async end() {
      child.kill('SIGINT');
      await child;
      return packetsOf(readCapture(file));
    },
  };
}

export const readCapture = (file: string): Read => read(readFileSync(file));

export const packetsOf = ({ items }: Read): Packet[] =>
  items.flatMap((item) => (item.type === 'packet' ? [item] : []));

/** Packets by the name of their interface. */
export function byInterface(file: Read): Map<string, Packet[]> {
  const names = file.items.flatMap((item) => (item.type === 'interface' ? [item.name ?? ''] : []));
  return new Map(names.map((name, on) => [name, packetsOf(file).filter((packet) => packet.on === on)]));
}

export const recordingOf = ({ items }: Read): string | undefined =>
  items.flatMap((item) => (item.type === 'attachment' && item.name === SCHEMA ? [item.text] : []))[0];
