import type { Listener, Side } from '../../model/facts.ts';
import { plain } from '../../words/text.ts';

/** Netid, state, queues, local and peer address, and, with -p, the processes. */
const LINE = /^(tcp|udp)\s+\S+\s+(\d+)\s+(\d+)\s+(\S+):(\d+|\*)\s+\S+(?:\s+(.*))?$/;

/** `*` is one socket for both families, `[::]` an IPv6 socket that takes no IPv4. */
const familyOf = (address: string): 4 | 6 => (address === '*' || address.includes(':') ? 6 : 4);

/** What `ss -H -l -n -t -u -O` prints, with or without `-p`. */
export function parseListeners(text: string, side: Side): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, proto, backlog, most, local = '', port, users] = LINE.exec(line.trim()) ?? [];
    if (proto === undefined || port === '*') return [];
    const [bound, device] = local.split('%');
    const address = (bound as string).replace(/^\[([^\]]*)\]?$/, '$1');
    const name = /"((?:[^"\\]|\\.)*)",pid=(\d+)/.exec(users ?? '');
    return [
      {
        side,
        proto: proto as 'tcp' | 'udp',
        family: familyOf(address),
        address,
        port: Number(port),
        ...(device === undefined ? {} : { device: device.replace(/\]$/, '') }),
        process: name ? plain(`${name[1]} (pid ${name[2]})`) : null,
        backlog: Number(backlog),
        backlogMax: Number(most),
      },
    ];
  });
}
