/** What a capture file holds, whatever its format: draft-ietf-opsawg-pcapng, draft-ietf-opsawg-pcap. */

/** Link types as capture files number them: https://www.tcpdump.org/linktypes.html */
export const LINK = {
  null: 0,
  ethernet: 1,
  raw: 101,
  loop: 108,
  cooked: 113,
  ipv4: 228,
  ipv6: 229,
  cooked2: 276,
} as const;

export interface Section {
  readonly type: 'section';
  readonly format: 'pcapng' | 'pcap';
  /** The program that wrote it, in its own words. */
  readonly application: string | null;
  readonly os: string | null;
  readonly comments: readonly string[];
}

export interface Described {
  readonly name: string | null;
  readonly description: string | null;
  /** With prefix length. */
  readonly addresses: readonly string[];
  /** A pcap-filter(7) expression. */
  readonly filter: string | null;
  readonly comments: readonly string[];
}

export interface Interface extends Described {
  readonly type: 'interface';
  /** Counted from 0 in its section. */
  readonly number: number;
  readonly link: number;
  /** 0: no limit. */
  readonly snaplen: number;
}

export interface SavedPacket {
  /** Number of its interface. */
  readonly on: number;
  /** Nanoseconds since 1970, UTC; null where the file does not say. */
  readonly at: bigint | null;
  readonly bytes: Uint8Array;
  /** On the wire; `bytes` may be shorter. */
  readonly length: number;
  readonly direction: 'in' | 'out' | null;
  /** The same for one packet on several interfaces: epb_packetid. */
  readonly id: bigint | null;
  /** Lost between the one before on this interface and this one; null: not said. */
  readonly lost: bigint | null;
  readonly comments: readonly string[];
}

export interface Packet extends SavedPacket {
  readonly type: 'packet';
  readonly link: number;
}

/** The names of one address. */
export interface Names {
  readonly address: string;
  readonly names: readonly string[];
}

export interface Statistics {
  readonly on: number;
  /** Nanoseconds since 1970, UTC. */
  readonly from: bigint | null;
  readonly until: bigint | null;
  /** That passed the filter. */
  readonly accepted: bigint | null;
  /** For which the kernel had no room. */
  readonly lost: bigint | null;
}

/** Something of netdoctor's own: a recording. */
export interface Attachment {
  readonly name: string;
  readonly text: string;
}

export type Item =
  | Section
  | Interface
  | Packet
  | { readonly type: 'names'; readonly names: readonly Names[] }
  | (Statistics & { readonly type: 'statistics' })
  | (Attachment & { readonly type: 'attachment' });

/** A file that is no capture, or not one as its format wants it. `at`: byte of the file. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly at: number;

  constructor(at: number, what: string) {
    super(what);
    this.at = at;
  }
}

/** The longest packet, as libpcap has it (MAXIMUM_SNAPLEN). Bytes. */
export const LONGEST_PACKET = 262_144;

/** `captured`: what a packet that begins at `at` says it has in the file. @throws Malformed where no reader takes as much */
export function refuseLong(captured: number, at: number): void {
  if (captured > LONGEST_PACKET)
    throw new Malformed(at, `a packet of ${captured} bytes is longer than any reader takes`);
}
