/** Everything that a machine of the lab gets on its interface while something is done. */
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFrame, type Packet } from '../../../src/wire/packet.ts';
import { beginTcpdump } from '../captured.ts';
import type { Lab } from '../lab.ts';

/** A packet, and the bytes of data that it carried over TCP. */
export interface Got extends Packet {
  readonly data: Buffer;
}

const ETHERNET = 14;

/** What LAN's interface saw while `work` was done. */
export async function recorded(lab: Lab, work: () => Promise<unknown>): Promise<Got[]> {
  const tcpdump = await beginTcpdump(lab, 'LAN', 'eth0', 'ip');
  await work();
  // What is under way has come by then, and what was sent again.
  await sleep(300);
  return (await tcpdump.end()).flatMap(({ bytes }) => {
    const packet = decodeFrame(bytes, 'ETHERNET');
    if (!packet || packet.neighbour) return [];
    const end = ETHERNET + packet.length;
    return [{ ...packet, data: Buffer.from(bytes.subarray(end - (packet.tcp?.payload ?? 0), end)) }];
  });
}
