/** The older format: one interface, no options, in either byte order, in micro- or nanoseconds: draft-ietf-opsawg-pcap. */
import { type Interface, Malformed, type Packet, refuseLong } from './content.ts';
import { Fields } from './fields.ts';
import type { Window } from './window.ts';

const HEADER = 24;
/** Bytes before each packet. */
export const RECORD = 16;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;

export interface PcapHeader {
  readonly little: boolean;
  /** Nanoseconds of a unit. */
  readonly unit: bigint;
  readonly interface: Interface;
  told: boolean;
}

/** Null where not all of it is there. @throws Malformed for a file that is no capture */
export function pcapHeader(window: Window): PcapHeader | null {
  const magic = window.peek(4)!;
  const little = [MICROSECONDS, NANOSECONDS].includes(magic.readUInt32LE());
  const number = little ? magic.readUInt32LE() : magic.readUInt32BE();
  if (number !== MICROSECONDS && number !== NANOSECONDS) throw new Malformed(0, whatElse(magic));
  const bytes = window.take(HEADER);
  if (!bytes) return null;
  const fields = new Fields(bytes, little, 0);
  if (fields.u16(4) !== 2) throw new Malformed(0, `its format is version ${fields.u16(4)} of pcap`);
  return {
    little,
    unit: number === NANOSECONDS ? 1n : 1000n,
    told: false,
    interface: {
      type: 'interface',
      number: 0,
      // The upper bits tell of a checksum behind each frame.
      link: fields.u32(20) & 0xffff,
      snaplen: fields.u32(16),
      name: null,
      description: null,
      addresses: [],
      filter: null,
      comments: [],
    },
  };
}

function whatElse(magic: Buffer): string {
  if (magic[0] === 0x1f && magic[1] === 0x8b) return 'it is compressed (gunzip it first)';
  return 'it is neither pcapng nor pcap';
}

/** Null where not all of it is there. @throws Malformed */
export function pcapPacket(window: Window, head: Fields, header: PcapHeader): Packet | null {
  const captured = head.u32(8);
  const length = head.u32(12);
  refuseLong(captured, window.at);
  const at = BigInt(head.u32(0)) * 1_000_000_000n + BigInt(head.u32(4)) * header.unit;
  const whole = window.take(RECORD + captured);
  if (!whole) return null;
  return {
    type: 'packet',
    on: 0,
    link: header.interface.link,
    at,
    bytes: Uint8Array.from(whole.subarray(RECORD)),
    length,
    direction: null,
    id: null,
    lost: null,
    comments: [],
  };
}
