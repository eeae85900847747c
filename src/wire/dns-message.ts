/** DNS messages as far as a probe needs them: RFC 1035 section 4, EDNS padding RFC 7830. */
import ipaddr from 'ipaddr.js';

export const RCODES: Readonly<Record<number, string>> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
};

const HEADER = 12;
const OPT = 11;
const PADDING_OPTION = 12;
/** Flags of the header's fourth byte, and of its third. */
const AD = 0x20;
const RA = 0x80;
const AA = 0x04;
/** What glibc says it can take: RESOLV_EDNS_BUFFER_SIZE. */
const EDNS_SIZE = 1200;

function encodeName(name: string): Buffer {
  const labels = name.replace(/\.$/, '').split('.').filter(Boolean);
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'ascii')])),
    Buffer.from([0]),
  ]);
}

/** A recursive question; padded by EDNS to `length` bytes when that is long enough. */
export function encodeQuestion(id: number, name: string, type: number, length = 0): Uint8Array {
  const question = Buffer.concat([encodeName(name), Buffer.from([type >> 8, type & 0xff, 0, 1])]);
  const plain = HEADER + question.length;
  const padding = length - plain - OPT - 4;
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(0x0100, 2);
  header.writeUInt16BE(1, 4);
  if (padding < 0) return Buffer.concat([header, question]);
  header.writeUInt16BE(1, 10);
  const opt = Buffer.alloc(OPT + 4 + padding);
  opt.writeUInt16BE(41, 1);
  opt.writeUInt16BE(1232, 3);
  opt.writeUInt16BE(4 + padding, 9);
  opt.writeUInt16BE(PADDING_OPTION, 11);
  opt.writeUInt16BE(padding, 13);
  return Buffer.concat([header, question, opt]);
}

/** A question as a C library puts it: no EDNS unless `options edns0`, AD under `options trust-ad`. */
export function encodeLookUp(
  id: number,
  name: string,
  type: number,
  { edns = false, trustAd = false }: { readonly edns?: boolean; readonly trustAd?: boolean } = {},
): Uint8Array {
  const question = Buffer.from(encodeQuestion(id, name, type));
  if (trustAd) question[3] = AD;
  if (!edns) return question;
  question.writeUInt16BE(1, 10);
  const opt = Buffer.alloc(OPT);
  opt.writeUInt16BE(41, 1);
  opt.writeUInt16BE(EDNS_SIZE, 3);
  return Buffer.concat([question, opt]);
}

/** The two bytes of length that stand before a message on TCP: RFC 1035 4.2.2. */
export function framed(message: Uint8Array): Uint8Array {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** The first whole message of what has come by TCP; undefined as long as there is none. */
export function unframed(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < 2) return undefined;
  const length = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return bytes.length >= 2 + length ? bytes.subarray(2, 2 + length) : undefined;
}

/** Can this name be put into a question? At most 63 bytes a label, 253 in all. RFC 1035 2.3.4 */
export const isAskable = (name: string): boolean => {
  const whole = name.replace(/\.$/, '');
  return (
    whole.length > 0 &&
    whole.length <= 253 &&
    whole.split('.').every(({ length }) => length > 0 && length <= 63)
  );
};

export interface DnsAnswer {
  readonly id: number;
  readonly rcode: number;
  readonly truncated: boolean;
  /** Empty, and neither authoritative nor recursive: the server has nothing to do with the name. */
  readonly lame: boolean;
  /** Records of any type in the answer section. */
  readonly records: number;
  /** A and AAAA records of the answer section. */
  readonly addresses: readonly string[];
  /** What the name stands for, by the last CNAME of the answer section. */
  readonly alias?: string;
}

/** Bytes of a label and of a whole name on the wire: RFC 1035 2.3.4. */
const [LONGEST_LABEL, LONGEST_NAME] = [63, 255];

interface Piece {
  readonly labels: readonly string[];
  /** Where what follows the name begins. */
  readonly end: number;
  /** Where the rest of the name stands; null where this is all of it. */
  readonly rest: number | null;
}

/** The labels that stand there, up to the end of the name or to a pointer; undefined for what is cut, or is none. RFC 1035 4.1.4 */
function labelsAt(bytes: Buffer, start: number): Piece | undefined {
  const labels: string[] = [];
  for (let at = start; at - start < LONGEST_NAME; ) {
    const length = bytes[at];
    if (length === undefined) return undefined;
    if (length === 0) return { labels, end: at + 1, rest: null };
    if (length >= 0xc0)
      return at + 1 < bytes.length
        ? { labels, end: at + 2, rest: bytes.readUInt16BE(at) & 0x3fff }
        : undefined;
    if (length > LONGEST_LABEL) return undefined;
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return undefined;
}

/** Behind the whole message, where nothing can be read, for a name that cannot be. */
const behindName = (bytes: Buffer, start: number): number => labelsAt(bytes, start)?.end ?? bytes.length;

/** Pointers that are followed in one name: RFC 1035 4.1.4 sets no limit, and a stranger writes them. */
const MOST_POINTERS = 16;

/** The name that is written there, compressed or not; undefined for one that is cut or too long, or leads round in circles. */
function nameAt(bytes: Buffer, start: number): string | undefined {
  const labels: string[] = [];
  for (let at = start, pointers = 0; pointers <= MOST_POINTERS; pointers++) {
    const piece = labelsAt(bytes, at);
    if (!piece) return undefined;
    labels.push(...piece.labels);
    if (piece.rest === null) {
      const name = labels.join('.');
      return name.length + 2 <= LONGEST_NAME ? name : undefined;
    }
    at = piece.rest;
  }
  return undefined;
}

const CNAME = 5;

/** Reads a response; undefined for what is none. */
export function readAnswer(message: Uint8Array): DnsAnswer | undefined {
  const bytes = Buffer.from(message);
  if (bytes.length < HEADER || !((bytes[2] ?? 0) & 0x80)) return undefined;
  const addresses: string[] = [];
  let alias: string | undefined;
  try {
    let at = HEADER;
    for (let left = bytes.readUInt16BE(4); left > 0; left--) at = behindName(bytes, at) + 4;
    for (let left = bytes.readUInt16BE(6); left > 0; left--) {
      at = behindName(bytes, at);
      const type = bytes.readUInt16BE(at);
      const size = bytes.readUInt16BE(at + 8);
      const data = bytes.subarray(at + 10, at + 10 + size);
      if ((type === 1 && size === 4) || (type === 28 && size === 16))
        addresses.push(ipaddr.fromByteArray([...data]).toString());
      else if (type === CNAME) alias = nameAt(bytes, at + 10) ?? alias;
      at += 10 + size;
    }
  } catch {
    // A message cut short still says who answered.
  }
  return {
    id: bytes.readUInt16BE(0),
    rcode: (bytes[3] ?? 0) & 15,
    truncated: ((bytes[2] ?? 0) & 2) !== 0,
    lame:
      ((bytes[3] ?? 0) & (RA | 15)) === 0 &&
      ((bytes[2] ?? 0) & AA) === 0 &&
      bytes.readUInt16BE(6) === 0 &&
      bytes.readUInt16BE(10) === 0,
    records: bytes.readUInt16BE(6),
    addresses,
    ...(alias === undefined ? {} : { alias }),
  };
}

/** What a message asks: its first question. */
export interface Question {
  readonly id: number;
  readonly recursive: boolean;
  /** Without the dot at its end. */
  readonly name: string;
  readonly type: number;
}

export const isAnswer = (message: Uint8Array): boolean => ((message[2] ?? 0) & 0x80) !== 0;

/** Labels of a question; undefined for a name that is compressed, or cut. RFC 1035 4.1.2 */
export function questionIn(message: Uint8Array): Question | undefined {
  const bytes = Buffer.from(message);
  if (bytes.length < HEADER + 5 || bytes.readUInt16BE(4) === 0) return undefined;
  const name = labelsAt(bytes, HEADER);
  if (!name || name.rest !== null || name.end + 4 > bytes.length) return undefined;
  return {
    id: bytes.readUInt16BE(0),
    recursive: ((bytes[2] ?? 0) & 1) !== 0,
    name: name.labels.join('.'),
    type: bytes.readUInt16BE(name.end),
  };
}
