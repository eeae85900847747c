/** A TCP segment as tcpdump(8) -S prints it: sequence numbers are the same at every hop, and so are not counted anew. */
import { ACK, FIN, RST, type Segment, SYN } from '../../wire/transport.ts';

const LETTERS = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W'];
const URG = 32;

export const flagsOf = (flags: number): string =>
  LETTERS.filter((_, bit) => flags & (1 << bit)).join('') || 'none';

/** `length`: of the data, on the wire. */
export function tcpText(tcp: Segment, length: number): string {
  const end = length > 0 ? `:${(tcp.sequence + length) >>> 0}` : '';
  const options = optionsOf(tcp.options);
  return [
    `Flags [${flagsOf(tcp.flags)}]`,
    ...(length > 0 || tcp.flags & (SYN | FIN | RST) ? [`seq ${tcp.sequence}${end}`] : []),
    ...(tcp.flags & ACK ? [`ack ${tcp.acknowledgement}`] : []),
    `win ${tcp.window}`,
    ...(tcp.flags & URG ? ['urg'] : []),
    ...(options === '' ? [] : [`options [${options}]`]),
    `length ${length}`,
  ].join(', ');
}

const END = 0;
const NOP = 1;
const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const u32 = (bytes: Uint8Array, at: number): number => (u16(bytes, at) * 65_536 + u16(bytes, at + 2)) >>> 0;

/** What each kind says: IANA's TCP parameters. `value` follows kind and length. */
const KINDS: Readonly<Record<number, (value: Uint8Array) => string>> = {
  2: (value) => `mss ${u16(value, 0)}`,
  3: (value) => `wscale ${value[0]}`,
  4: () => 'sackOK',
  5: (value) => {
    const blocks = Array.from(
      { length: value.length >> 3 },
      (_, at) => `{${u32(value, at * 8)}:${u32(value, at * 8 + 4)}}`,
    );
    return `sack ${blocks.length} ${blocks.join('')}`;
  },
  8: (value) => `TS val ${u32(value, 0)} ecr ${u32(value, 4)}`,
};

function optionsOf(bytes: Uint8Array): string {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes[at] ?? END;
    if (kind === END) {
      found.push('eol');
      break;
    }
    if (kind === NOP) {
      found.push('nop');
      at++;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    // What says that it is shorter than its own head, or longer than what is there, ends the list.
    if (length < 2 || at + length > bytes.length) {
      found.push(`opt-${kind} cut`);
      break;
    }
    found.push(KINDS[kind]?.(bytes.subarray(at + 2, at + length)) ?? `unknown-${kind}`);
    at += length;
  }
  return found.join(',');
}
