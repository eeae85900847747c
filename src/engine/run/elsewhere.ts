/**
 * Hears whoever comes from outside by another interface than was foretold, or asks another address of this host: which of
 * several uplinks, and of several addresses, somebody uses is his choice. One socket, of what comes in alone.
 */
import type { Machine, PacketFrame } from '../../host/machine.ts';
import { outerLinks } from '../../kernel/outer-links.ts';
import { carrier, type Flow } from '../../model/flow.ts';
import type { Path } from '../../model/path.ts';
import type { ProbeOutcome, Sighting } from '../../model/sighting.ts';
import { type Link, linkHolding, type Stack } from '../../model/stack.ts';
import { decodeNetwork, type Packet } from '../../wire/packet.ts';

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

/** Those by which somebody may come otherwise than foretold, the foretold one where it holds more than one address. */
function doorsFor(host: Stack, flow: Flow, path: Path): Link[] {
  const foretold = path.hops[0]?.link;
  const isShared =
    flow.anyAddress &&
    foretold?.addresses.some(({ address, family }) => family === flow.family && address !== flow.address);
  return [...doorsBeside(host, flow, path), ...(isShared ? [foretold!] : [])].slice(0, MOST);
}

interface Foretold {
  readonly flow: Flow;
  readonly path: Path;
  readonly host: Stack;
}

/** Listens until it is stopped, before somebody has come and after. */
export class Elsewhere {
  readonly #clock: Pick<Machine, 'now'>;
  readonly #foretold: Foretold;
  readonly #doors: readonly Link[];
  readonly #stop: () => void;
  #came: CameElsewhere | undefined;
  #answered: ProbeOutcome | null = null;
  /** Called at every change. */
  tell = (): void => {};

  constructor(machine: Machine, foretold: Foretold) {
    this.#clock = machine;
    this.#foretold = foretold;
    const { flow, path, host } = foretold;
    this.#doors = flow.port === null ? [] : doorsFor(host, flow, path);
    const plan = {
      filter: `${flow.family === 4 ? 'ip' : 'ip6'} and ${carrier(flow)} dst port ${flow.port}`,
      devices: this.#doors.map(({ ifindex }) => ifindex),
      light: true,
    } as const;
    const socket = this.#doors.length > 0 ? machine.packets(null, plan, (frame) => this.#take(frame)) : null;
    this.#stop = () => void (socket?.known && socket.value.stop());
  }

  get came(): CameElsewhere | undefined {
    return this.#came;
  }

  stop(): void {
    this.#stop();
  }

  #take({ bytes, protocol, senderMac, ifindex }: PacketFrame): void {
    const packet = decodeNetwork(bytes, protocol, senderMac);
    const door = this.#doors.find((link) => link.ifindex === ifindex);
    if (!packet || !door) return;
    if (!this.#came && begins(packet) && this.#isOther(door, packet))
      this.#came = this.#welcome(door, packet);
    else if (this.#came && !this.#answered && goesOn(packet, this.#came.visitor.request))
      this.#answered = answeredAfter(Number(this.#clock.now() - this.#came.visitor.at) / 1000);
    else return;
    this.tell();
  }

  #isOther(door: Link, { destination }: Packet): boolean {
    const { flow, path, host } = this.#foretold;
    if (destination === flow.address) return door !== path.hops[0]?.link;
    return flow.anyAddress === true && linkHolding(host, destination) !== undefined;
  }

  #welcome({ name }: Link, packet: Packet): CameElsewhere {
    const visitor = {
      at: this.#clock.now(),
      request: seenAt(`host/${name}`, packet),
      answered: () => this.#answered,
    };
    return new CameElsewhere(packet.destination, name, visitor);
  }
}

/** The first packet of a connection; of datagrams each may be. */
const begins = ({ tcp, udp }: Packet): boolean => (tcp ? tcp.syn && !tcp.ack : udp !== undefined);

/** Does whoever sent that request acknowledge what he was answered? */
const goesOn = ({ source, destination, tcp }: Packet, request: Sighting): boolean =>
  tcp !== undefined &&
  source === request.source &&
  destination === request.destination &&
  tcp.sourcePort === request.sourcePort &&
  tcp.ack &&
  !tcp.syn &&
  !tcp.rst;

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
  source: packet.source,
  destination: packet.destination,
  sourceMac: packet.sourceMac,
  destinationMac: packet.destinationMac,
  family: packet.family,
  sourcePort: packet.tcp?.sourcePort ?? packet.udp?.sourcePort ?? null,
  destinationPort: packet.tcp?.destinationPort ?? packet.udp?.destinationPort ?? null,
  length: packet.length,
  ttl: packet.ttl,
  says: null,
});

/** What hears somebody outside who comes by another way, and who did. */
export interface Ear {
  elsewhere?: Elsewhere;
  readonly visitor?: Visitor;
}
