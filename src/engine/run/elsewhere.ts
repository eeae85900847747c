/**
 * Hears whoever comes from outside by another interface than was foretold, or asks another address of this host: which of
 * several uplinks, and of several addresses, somebody uses is his choice. One socket, of what comes in alone.
 */
import type { Machine, PacketFrame, PacketSocket } from '../../host/machine.ts';
import { outerLinks } from '../../kernel/outer-links.ts';
import { carrier, type Flow } from '../../model/flow.ts';
import type { Path } from '../../model/path.ts';
import type { ProbeOutcome, Sighting } from '../../model/sighting.ts';
import { type Link, linkHolding, type Stack } from '../../model/stack.ts';
import { decodeNetwork, outlineOf, type Packet, sourcePortOf } from '../../wire/packet.ts';

/** Who came, as the one socket heard him before a path to where he came in was known. */
export interface Visitor {
  /** The moment of his first packet: nanoseconds of CLOCK_MONOTONIC. */
  readonly at: bigint;
  readonly request: Sighting;
  /** That he went on with what only an answer gives him, the third packet of a handshake (RFC 9293, 3.5); null: not yet. */
  answered(): ProbeOutcome | null;
}

/** Somebody came by this interface, for this address. */
export class CameElsewhere extends Error {
  readonly address: string;
  readonly device: string;
  readonly visitor: Visitor;

  constructor(address: string, device: string, visitor: Visitor) {
    super(`somebody outside asks for ${address} by ${device}`);
    this.address = address;
    this.device = device;
    this.visitor = visitor;
  }
}

/** 255 are all that one socket can be told. */
const MOST = 255;

/** What may come in by: those that hold an address, but the ones on which the path's own witnesses stand. */
export const doorsBeside = (host: Stack, { family }: Flow, { hops }: Path): Link[] =>
  outerLinks(host, family).filter(({ ifindex }) =>
    hops.every((hop) => hop.where !== 'host' || hop.link.ifindex !== ifindex),
  );

/** The foretold one too: another of its addresses may be asked, and who is answered by another way goes on there. */
const doorsFor = (host: Stack, flow: Flow, path: Path): Link[] => {
  const beside = doorsBeside(host, flow, path);
  const [foretold] = path.hops;
  return (foretold?.where === 'host' ? [foretold.link, ...beside] : beside).slice(0, MOST);
};

interface Foretold {
  readonly flow: Flow;
  readonly path: Path;
  readonly host: Stack;
}

/** How many handshakes are remembered, and packets of other connections taken before the socket is told to leave them out. */
const MOST_BEGUN = 64;
const MOST_OTHERS = 2000;

interface Handshake {
  readonly at: bigint;
  answered: ProbeOutcome | null;
}

/** Listens until it is stopped, before somebody has come and after. */
export class Elsewhere {
  readonly #machine: Pick<Machine, 'now' | 'packets'>;
  readonly #foretold: Foretold;
  readonly #doors: readonly Link[];
  /** Those who began of late, by their address and port. */
  readonly #begun = new Map<string, Handshake>();
  #others = 0;
  #socket: PacketSocket | undefined;
  #came: CameElsewhere | undefined;
  /** Called at every change. */
  tell = (): void => {};

  constructor(machine: Machine, foretold: Foretold) {
    this.#machine = machine;
    this.#foretold = foretold;
    const { flow, path, host } = foretold;
    this.#doors = flow.port === null ? [] : doorsFor(host, flow, path);
    this.#listen(this.#of(''));
  }

  /** Who came first by another way. */
  get came(): CameElsewhere | undefined {
    return this.#came;
  }

  /** What became of the connection that was begun from this address and port; null: nothing was heard since. */
  answerTo(source: string, port: number | null): ProbeOutcome | null {
    return this.#begun.get(`${source} ${port}`)?.answered ?? null;
  }

  stop(): void {
    void this.#socket?.stop();
    this.#socket = undefined;
  }

  /** In words of pcap-filter(7). */
  #of(more: string): string {
    const { flow } = this.#foretold;
    return `${flow.family === 4 ? 'ip' : 'ip6'} and ${carrier(flow)} dst port ${flow.port}${more}`;
  }

  #listen(filter: string): void {
    this.stop();
    if (this.#doors.length === 0) return;
    const devices = this.#doors.map(({ ifindex }) => ifindex);
    const plan = { filter, devices, light: true } as const;
    const socket = this.#machine.packets(null, plan, (frame) => this.#take(frame));
    this.#socket = socket.known ? socket.value : undefined;
  }

  #take({ bytes, protocol, senderMac, ifindex }: PacketFrame): void {
    const packet = decodeNetwork(bytes, protocol, senderMac);
    const door = this.#doors.find((link) => link.ifindex === ifindex);
    if (!packet || !door) return;
    const begun = this.#begun.get(keyOf(packet));
    if (begins(packet)) this.#welcome(door, packet);
    else if (begun) this.#hear(begun, packet);
    else if (++this.#others === MOST_OTHERS) this.#listen(this.#of(ONLY_SYN[this.#foretold.flow.family]));
  }

  #hear(begun: Handshake, { tcp }: Packet): void {
    if (begun.answered || !tcp?.ack || tcp.syn || tcp.rst) return;
    begun.answered = answeredAfter(Number(this.#machine.now() - begun.at) / 1000);
    this.tell();
  }

  #welcome(door: Link, packet: Packet): void {
    const key = keyOf(packet);
    const begun = this.#begun.get(key) ?? { at: this.#machine.now(), answered: null };
    this.#begun.set(key, begun);
    if (this.#begun.size > MOST_BEGUN) this.#begun.delete(this.#begun.keys().next().value!);
    if (this.#came || !this.#isOther(door, packet)) return;
    const request = seenAt(`host/${door.name}`, packet);
    const visitor = { at: begun.at, request, answered: () => begun.answered };
    this.#came = new CameElsewhere(packet.destination, door.name, visitor);
    this.tell();
  }

  #isOther(door: Link, { destination }: Packet): boolean {
    const { flow, path, host } = this.#foretold;
    if (destination === flow.address) return door !== path.hops[0]?.link;
    return flow.anyAddress === true && linkHolding(host, destination) !== undefined;
  }
}

/** Where the flags of TCP stand: RFC 9293, 3.1, behind a header of IPv6 without extensions. */
const ONLY_SYN = { 4: ' and tcp[13] & 18 = 2', 6: ' and ip6[53] & 18 = 2' } as const;

const keyOf = (packet: Packet): string => `${packet.source} ${sourcePortOf(packet)}`;

/** The first packet of a connection; of datagrams each may be. */
const begins = ({ tcp, udp }: Packet): boolean => (tcp ? tcp.syn && !tcp.ack : udp !== undefined);

const answeredAfter = (microseconds: number): ProbeOutcome => ({
  probe: 0,
  result: 'answered',
  microseconds,
  errno: null,
  says: null,
});

const seenAt = (hop: string, packet: Packet): Sighting => ({
  hop,
  kind: 'request',
  probe: 0,
  at: 0,
  ...outlineOf(packet),
  says: null,
});

/** What hears somebody outside who comes by another way, and who did. */
export interface Ear {
  elsewhere?: Elsewhere;
  readonly visitor?: Visitor;
}
