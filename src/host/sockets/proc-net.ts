/** Datagram sockets of a kernel without udp_diag: /proc/net/udp and udp6, proc_pid_net(5). */
import { readFileSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import type { Family } from '../../model/flow.ts';
import type { SocketState } from '../../model/socket.ts';

/** UDP sockets of the namespace that this thread is in, so many at most; none where the file cannot be read. */
export function datagramSockets(family: Family, most: number): SocketState[] {
  try {
    return parseDatagrams(readFileSync(`/proc/net/udp${family === 6 ? '6' : ''}`, 'latin1'), family, most);
  } catch {
    return [];
  }
}

export function parseDatagrams(text: string, family: Family, most = Infinity): SocketState[] {
  return text
    .split('\n')
    .slice(1, 1 + most)
    .flatMap((line) => {
      const [, local, remote, state, queues, , , , , inode] = line.trim().split(/\s+/);
      const own = end(local);
      const far = end(remote);
      if (!own || !far) return [];
      const [sendQueue = 0, receiveQueue = 0] = (queues ?? '')
        .split(':')
        .map((one) => Number.parseInt(one, 16));
      return [
        {
          proto: 'udp' as const,
          family,
          state: state === '01' ? ('ESTAB' as const) : ('UNCONN' as const),
          source: own.address,
          sourcePort: own.port,
          destination: far.address,
          destinationPort: far.port,
          timer: 'none' as const,
          retransmits: 0,
          receiveQueue,
          sendQueue,
          inode: Number(inode) || 0,
          info: null,
        },
      ];
    });
}

/** Addresses are words of 32 bits in the machine's own order: `0200580A:9C40` is 10.88.0.2:40000. */
function end(text: string | undefined): { address: string; port: number } | undefined {
  const [, words, port] = /^((?:[0-9A-F]{8})+):([0-9A-F]{4})$/.exec(text ?? '') ?? [];
  if (!words || !port) return undefined;
  const bytes = words.match(/.{8}/g)!.flatMap((word) => [...Buffer.from(word, 'hex').reverse()]);
  return {
    address: ipaddr.process(ipaddr.fromByteArray(bytes).toString()).toString(),
    port: Number.parseInt(port, 16),
  };
}
