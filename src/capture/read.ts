/** A capture file, told again: its packets as journeys, what stands around them, and where it breaks off. */
import { SCHEMA } from '../host/record/recording.ts';
import { type Interface, type Item, Malformed, type Packet } from '../pcapng/content.ts';
import { CaptureReader } from '../pcapng/reader.ts';
import { Claims } from './claims.ts';
import { linkOf } from './link.ts';
import { INCIDENT } from './save/incident.ts';
import type { Seen, Spot } from './spot.ts';
import { Stream, type Told } from './stream.ts';

/** How far packets of a file may be out of time. Nanoseconds. */
const BEHIND = 1_000_000_000n;
/** So many packets are put in order at once. */
const AT_ONCE = 2000;
const MANY = 50_000;
/** Of our own files the text alone; what others have said is not kept. */
const REMARKS = 1000;
/** As many as a watch keeps. */
const INCIDENTS = 100;

export interface Reading {
  readonly spots: Spot[];
  /** The program that wrote it. */
  application: string | null;
  packets: number;
  /** Packets that are not shown: of link types that are not read, or without a moment. */
  readonly unread: Map<number, number>;
  /** Why it is not whole; null: it is. */
  incomplete: string | null;
  /** What rule of its format it breaks, and at which byte; null: none. */
  malformed: { readonly what: string; readonly at: number } | null;
  recording: string | null;
  /** How the host was when a watch lost something, each a text of JSON. */
  readonly incidents: string[];
  readonly names: Map<string, string>;
  /** What is said beside packets, each once with how often. */
  readonly remarks: Map<string, number>;
  /** Lost between packets, by spot. */
  readonly lost: Map<number, bigint>;
}

const newReading = (): Reading => ({
  spots: [],
  application: null,
  packets: 0,
  unread: new Map(),
  incomplete: null,
  malformed: null,
  recording: null,
  incidents: [],
  names: new Map(),
  remarks: new Map(),
  lost: new Map(),
});

/** Hands over packets as they are known; resolves with the rest. @throws what reading the pieces throws */
export async function readCapture(
  pieces: AsyncIterable<Uint8Array>,
  tell: (told: Told, reading: Reading) => Promise<void>,
): Promise<Reading> {
  const reading = newReading();
  const reader = new CaptureReader();
  // A file has its packets in the order in which they were told: nothing is known better of its interfaces.
  const stream = new Stream([], new Claims([], []));
  const into = new Taking(reading, stream);
  const handOn = async (now?: bigint): Promise<void> => {
    for (const told of stream.until(now).told) await tell(told, reading);
  };
  try {
    for await (const piece of pieces) {
      for (const item of reader.feed(piece)) {
        into.take(item);
        if (into.fresh >= AT_ONCE) {
          into.fresh = 0;
          // Where so many fall into one second, they are taken to be in time.
          await handOn(stream.waiting > MANY ? into.latest : into.latest - BEHIND);
        }
      }
    }
    reading.incomplete = reader.end();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    reading.malformed = { what: error.message, at: error.at };
  }
  await handOn();
  return reading;
}

/** Turns items into frames at spots. */
class Taking {
  fresh = 0;
  latest = 0n;
  readonly #reading: Reading;
  readonly #stream: Stream;
  /** By number of interface in this section, and by ifindex where one capture is of several. */
  #interfaces: Interface[] = [];
  readonly #spots = new Map<string, number>();
  #section = 0;

  constructor(reading: Reading, stream: Stream) {
    this.#reading = reading;
    this.#stream = stream;
  }

  take(item: Item): void {
    const reading = this.#reading;
    if (item.type === 'section') {
      this.#section++;
      this.#interfaces = [];
      reading.application ??= item.application;
    } else if (item.type === 'interface') {
      this.#interfaces[item.number] = item;
      if (item.name !== null) this.#spot(item.number, undefined);
    } else if (item.type === 'packet') this.#packet(item);
    else if (item.type === 'names')
      for (const { address, names } of item.names) this.#name(address, names[0]);
    else if (item.type === 'attachment' && item.name === SCHEMA) reading.recording = item.text;
    else if (item.type === 'attachment' && item.name === INCIDENT && reading.incidents.length < INCIDENTS)
      reading.incidents.push(item.text);
  }

  #name(address: string, name: string | undefined): void {
    if (name !== undefined && this.#reading.names.size < REMARKS) this.#reading.names.set(address, name);
  }

  #packet(packet: Packet): void {
    const reading = this.#reading;
    reading.packets++;
    const linked = linkOf(packet.bytes, packet.link);
    if (!linked || packet.at === null) {
      reading.unread.set(packet.link, (reading.unread.get(packet.link) ?? 0) + 1);
      return;
    }
    for (const remark of packet.comments)
      if (reading.remarks.has(remark) || reading.remarks.size < REMARKS)
        reading.remarks.set(remark, (reading.remarks.get(remark) ?? 0) + 1);
    const spot = this.#spot(packet.on, linked.ifindex);
    if (packet.lost) reading.lost.set(spot, (reading.lost.get(spot) ?? 0n) + packet.lost);
    const seen: Seen = {
      spot,
      at: packet.at,
      direction: packet.direction ?? linked.direction ?? null,
      type: linked.type,
      header: linked.header,
      bytes: packet.bytes,
      length: packet.length,
    };
    this.fresh++;
    if (packet.at > this.latest) this.latest = packet.at;
    this.#stream.add(seen, packet.id);
  }

  /** A place for each interface; a cooked capture of all interfaces of a host has one for each of them. */
  #spot(on: number, ifindex: number | undefined): number {
    const described = this.#interfaces[on];
    const several = ifindex !== undefined && (described?.name ?? null) === null;
    const key = `${this.#section} ${on} ${several ? ifindex : ''}`;
    const known = this.#spots.get(key);
    if (known !== undefined) return known;
    const label = several ? `if${ifindex}` : (described?.name ?? `interface ${on}`);
    const [name = label, target] = label.split('@');
    this.#spots.set(key, this.#reading.spots.length);
    return (
      this.#reading.spots.push({
        id: key,
        name,
        label,
        where: target === undefined ? 'host' : 'container',
        kind: described?.description?.split(',')[0] ?? '',
        netns: null,
        ifindex: ifindex ?? 0,
        master: null,
        about: described?.description ?? '',
        addresses: described?.addresses ?? [],
        mac: null,
        passes: 'own',
      }) - 1
    );
  }
}
