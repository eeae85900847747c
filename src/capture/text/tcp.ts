/** A TCP segment as tcpdump(8) -S prints it: sequence numbers are the same at every hop, and so are not counted anew. */
import { long, word } from '../../wire/number.ts';
import { ACK, FIN, RST, type Segment, SYN } from '../../wire/transport.ts';

const LETTERS = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W'];
const URG = 32;

const flagsOf = (flags: number): string => LETTERS.filter((_, bit) => flags & (1 << bit)).join('') || 'none';

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

interface Kind {
  /** Bytes that its value has at least. */
  readonly least: number;
  says(value: Uint8Array): string;
}

/** What each kind says: IANA's TCP parameters. Its value follows kind and length. */
const KINDS: Readonly<Record<number, Kind>> = {
  2: { least: 2, says: (value) => `mss ${word(value, 0)}` },
  3: { least: 1, says: (value) => `wscale ${value[0]}` },
  4: { least: 0, says: () => 'sackOK' },
  5: { least: 0, says: sackText },
  8: { least: 8, says: (value) => `TS val ${long(value, 0)} ecr ${long(value, 4)}` },
};

function sackText(value: Uint8Array): string {
  const blocks = Array.from(
    { length: value.length >> 3 },
    (_, at) => `{${long(value, at * 8)}:${long(value, at * 8 + 4)}}`,
  );
  return `sack ${blocks.length} ${blocks.join('')}`;
}

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
    found.push(optionText(kind, bytes.subarray(at + 2, at + length)));
    at += length;
  }
  return found.join(',');
}

/** An option that is shorter than its kind must be says nothing: what is not there is no zero. */
function optionText(kind: number, value: Uint8Array): string {
  const known = KINDS[kind];
  if (!known) return `unknown-${kind}`;
  return value.length < known.least ? `opt-${kind} cut` : known.says(value);
}
