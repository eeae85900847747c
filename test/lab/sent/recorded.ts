/** Everything that a machine of the lab gets on its interface while something is done: a capture file, read whole. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFrame, type Packet } from '../../../src/wire/packet.ts';
import type { Lab } from '../lab.ts';
import { AS_IT_COMES } from '../tcpdump.ts';

/** A packet, and the bytes of data that it carried over TCP. */
export interface Got extends Packet {
  readonly data: Buffer;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET = 14;

/** pcap-savefile(5), as tcpdump writes it on a little-endian machine: packets of IP, in time. */
function read(file: Buffer): Got[] {
  const all: Got[] = [];
  for (let at = FILE_HEADER; at + RECORD_HEADER <= file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const frame = file.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length);
    at += RECORD_HEADER + length;
    const packet = decodeFrame(frame, 'ETHERNET');
    if (!packet || packet.neighbour) continue;
    const end = ETHERNET + packet.length;
    all.push({ ...packet, data: frame.subarray(end - (packet.tcp?.payload ?? 0), end) });
  }
  return all;
}

/** What LAN's interface saw while `work` was done. */
export async function recorded(lab: Lab, work: () => Promise<unknown>): Promise<Got[]> {
  const file = join(lab.folder, 'sent.pcap');
  const words = [
    'tcpdump',
    '-U',
    '-Z',
    'root',
    '-s',
    '0',
    '-nni',
    'eth0',
    '--immediate-mode',
    '-w',
    file,
    'ip',
  ];
  const child = lab.run('LAN', words, AS_IT_COMES);
  for (let said = ''; !said.includes('listening on'); ) said += String((await once(child.stderr, 'data'))[0]);
  await work();
  // What is under way has come by then, and what was sent again.
  await sleep(300);
  child.kill('SIGINT');
  await child;
  return read(readFileSync(file));
}
