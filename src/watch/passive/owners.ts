/** Which program of the target owns a conversation: by the socket that has its ends, sock_diag(7), and who holds that. */
import { forgetOldest } from '../../capture/claims.ts';
import { type Ends, PROTOCOL } from '../../capture/print.ts';
import { holdersOf } from '../../discover/socket-holders.ts';
import type { Machine } from '../../host/machine.ts';
import type { Netns } from '../../model/netns.ts';
import type { Holder, SocketState } from '../../model/socket.ts';

/** Between two looks: all open files of the target's processes are read. Nanoseconds. */
const APART = 250_000_000n;
/** Sockets whose holder is remembered, by their ends. */
const MOST = 20_000;

type Own = Pick<Ends, 'source' | 'sourcePort'>;
const keyOf = (protocol: number, { source, sourcePort }: Own): string =>
  `${protocol} ${source} ${sourcePort}`;
const protocolOf = ({ proto }: SocketState): number => (proto === 'tcp' ? PROTOCOL.tcp : PROTOCOL.udp);
/** Of a socket that is bound to no address. */
const ANY: Readonly<Record<number, string>> = { 4: '0.0.0.0', 6: '::' };

export class Owners {
  readonly #machine: Machine;
  readonly #netns: Netns;
  readonly #byEnds = new Map<string, Holder>();
  readonly #byInode = new Map<number, Holder>();
  #looked: bigint;

  constructor(machine: Machine, netns: Netns) {
    this.#machine = machine;
    this.#netns = netns;
    this.#looked = machine.now() - APART;
  }

  /** Sockets as they are now: one that is closed at once is never seen again. At most four times a second. */
  look(): void {
    const now = this.#machine.now();
    if (now - this.#looked < APART) return;
    this.#looked = now;
    const sockets = this.#machine.sockets(this.#netns);
    if (!sockets.known) return;
    const open = sockets.value.filter(({ inode }) => inode !== 0);
    const unknown = new Set(open.map(({ inode }) => inode).filter((inode) => !this.#byInode.has(inode)));
    const found = holdersOf(this.#machine, this.#netns.inode, unknown);
    for (const [inode, holder] of Object.entries(found)) this.#byInode.set(Number(inode), holder);
    const there = new Set(open.map(({ inode }) => inode));
    for (const inode of this.#byInode.keys()) if (!there.has(inode)) this.#byInode.delete(inode);
    for (const socket of open) {
      const holder = this.#byInode.get(socket.inode);
      if (holder) this.#byEnds.set(keyOf(protocolOf(socket), socket), holder);
    }
    forgetOldest(this.#byEnds, MOST);
  }

  /** The one of its two ends that is a socket of the target; null where nobody was seen to hold it. */
  of({ protocol, source, sourcePort, destination, destinationPort }: Ends): Holder | null {
    const ends = [
      { source, sourcePort },
      { source: destination, sourcePort: destinationPort },
    ];
    const any = ends.flatMap(({ source: address, sourcePort: port }) => [
      { source: address, sourcePort: port },
      { source: ANY[address.includes(':') ? 6 : 4]!, sourcePort: port },
    ]);
    for (const one of any) {
      const holder = this.#byEnds.get(keyOf(protocol, one));
      if (holder) return holder;
    }
    return null;
  }
}
