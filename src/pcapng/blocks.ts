/** What each block says: draft-ietf-opsawg-pcapng section 4. Blocks that are not known are passed over. */
import ipaddr from 'ipaddr.js';
import { addressOf } from '../wire/headers.ts';
import { BLOCK, OPTION, padding } from './block.ts';
import { type Interface, type Item, Malformed, type Names, type Packet, refuseLong } from './content.ts';
import type { Fields } from './fields.ts';
import { nanoseconds, type Resolution, USUAL, unitsOf } from './resolution.ts';

/** More interfaces than any host has; each of them is remembered. */
const MOST_INTERFACES = 10_000;
/** Interface, moment, two lengths of the packet: bytes. */
const PACKET_HEAD = 20;

interface Remembered {
  readonly link: number;
  readonly snaplen: number;
  readonly resolution: Resolution;
}

export class BlockReader {
  #interfaces: Remembered[] = [];
  #begun = false;

  /** @throws Malformed, or RangeError for a block that is shorter than what it holds */
  read(type: number, body: Fields, at: number): Item | undefined {
    if (type === BLOCK.section) return this.#section(body, at);
    if (!this.#begun) throw new Malformed(at, 'it does not begin with a section');
    if (type === BLOCK.interface) return this.#interface(body, at);
    if (type === BLOCK.enhanced) return this.#packet(body, at);
    if (type === BLOCK.packet) return this.#packet(body, at, true);
    if (type === BLOCK.simple) return this.#simple(body, at);
    if (type === BLOCK.names) return { type: 'names', names: namesOf(body) };
    return type === BLOCK.statistics ? this.#statistics(body, at) : undefined;
  }

  #section(body: Fields, at: number): Item {
    const [major, minor] = [body.u16(4), body.u16(6)];
    if (major !== 1) throw new Malformed(at, `its format is version ${major}.${minor} of pcapng`);
    this.#interfaces = [];
    this.#begun = true;
    const said = texts(body, 16);
    return {
      type: 'section',
      format: 'pcapng',
      application: said(OPTION.section.application),
      os: said(OPTION.section.os),
      comments: commentsOf(body, 16),
    };
  }

  #interface(body: Fields, at: number): Interface {
    if (this.#interfaces.length >= MOST_INTERFACES)
      throw new Malformed(at, `it describes more than ${MOST_INTERFACES} interfaces`);
    const [link, snaplen] = [body.u16(0), body.u32(4)];
    const said = texts(body, 8);
    let { units, offset } = USUAL;
    const addresses: string[] = [];
    let filter: string | null = null;
    for (const [code, value] of body.records(8)) {
      if (code === OPTION.interface.resolution) {
        const told = unitsOf(value.bytes.readUInt8(0));
        if (told === undefined) throw new Malformed(at, 'its clock is finer than any');
        units = told;
      } else if (code === OPTION.interface.offset) offset = BigInt.asIntN(64, value.u64(0));
      else if (code === OPTION.interface.ipv4) addresses.push(ipv4(value));
      else if (code === OPTION.interface.ipv6)
        addresses.push(`${addressOf(value.part(0, 16).bytes)}/${value.bytes.readUInt8(16)}`);
      else if (code === OPTION.interface.filter && value.bytes[0] === 0)
        filter = value.part(1, value.bytes.length - 1).text();
    }
    const number = this.#interfaces.push({ link, snaplen, resolution: { units, offset } }) - 1;
    return {
      type: 'interface',
      number,
      link,
      snaplen,
      name: said(OPTION.interface.name),
      description: said(OPTION.interface.description),
      addresses,
      filter,
      comments: commentsOf(body, 8),
    };
  }

  #known(number: number, at: number): Remembered {
    const known = this.#interfaces[number];
    if (!known) throw new Malformed(at, `it speaks of interface ${number}, which was not described`);
    return known;
  }

  /** `obsolete`: a block of type 2, whose interface is a short with a count of the lost behind it. */
  #packet(body: Fields, at: number, obsolete = false): Packet {
    const on = obsolete ? body.u16(0) : body.u32(0);
    const { link, resolution } = this.#known(on, at);
    const [captured, length] = [body.u32(12), body.u32(16)];
    refuseLong(captured, at);
    const bytes = body.copy(PACKET_HEAD, captured);
    let direction: Packet['direction'] = null;
    let id: bigint | null = null;
    let lost: bigint | null = obsolete && body.u16(2) !== 0xffff ? BigInt(body.u16(2)) : null;
    const comments: string[] = [];
    for (const [code, value] of body.records(PACKET_HEAD + captured + padding(captured))) {
      if (code === OPTION.comment) comments.push(value.text());
      else if (code === OPTION.packet.flags)
        direction = ([null, 'in', 'out', null] as const)[value.u32(0) & 3]!;
      else if (code === OPTION.packet.lost && !obsolete) lost = value.u64(0);
      else if (code === OPTION.packet.id && !obsolete) id = value.u64(0);
    }
    const when = nanoseconds(body.moment(4), resolution);
    return { type: 'packet', on, link, at: when, bytes, length, direction, id, lost, comments };
  }

  /** A packet of the first interface, without anything else. */
  #simple(body: Fields, at: number): Packet {
    const { link, snaplen } = this.#known(0, at);
    const length = body.u32(0);
    const captured = Math.min(length, snaplen === 0 ? length : snaplen);
    refuseLong(captured, at);
    const bytes = body.copy(4, captured);
    const nothing = { at: null, direction: null, id: null, lost: null, comments: [] };
    return { type: 'packet', on: 0, link, bytes, length, ...nothing };
  }

  #statistics(body: Fields, at: number): Item {
    const on = body.u32(0);
    const { resolution } = this.#known(on, at);
    const found: Record<number, bigint> = {};
    for (const [code, value] of body.records(12))
      if (code === OPTION.statistics.from || code === OPTION.statistics.until)
        found[code] = nanoseconds(value.moment(0), resolution);
      else if (code === OPTION.statistics.accepted || code === OPTION.statistics.lost)
        found[code] = value.u64(0);
    const { from, until, accepted, lost } = OPTION.statistics;
    return {
      type: 'statistics',
      on,
      from: found[from] ?? null,
      until: found[until] ?? null,
      accepted: found[accepted] ?? null,
      lost: found[lost] ?? null,
    };
  }
}

/** The first option of a code, as text. */
function texts(body: Fields, from: number): (code: number) => string | null {
  const found = new Map<number, string>();
  for (const [code, value] of body.records(from)) if (!found.has(code)) found.set(code, value.text());
  return (code) => found.get(code) ?? null;
}

const commentsOf = (body: Fields, from: number): string[] =>
  [...body.records(from)].filter(([code]) => code === OPTION.comment).map(([, value]) => value.text());

function ipv4(value: Fields): string {
  const mask = new ipaddr.IPv4([...value.part(4, 4).bytes]).prefixLengthFromSubnetMask();
  return `${addressOf(value.part(0, 4).bytes)}/${mask ?? 32}`;
}

/** Records of names: 1 IPv4, 2 IPv6; those of hardware addresses are passed over. */
function namesOf(body: Fields): Names[] {
  const found: Names[] = [];
  for (const [code, value] of body.records(0)) {
    const size = ({ 1: 4, 2: 16 } as Readonly<Record<number, number>>)[code];
    if (size === undefined) continue;
    const names = value.bytes.toString('utf8', size).split('\0').filter(Boolean);
    found.push({ address: addressOf(value.part(0, size).bytes), names });
  }
  return found;
}
