/** What a machine answered during one call of netdoctor, as a file: the schema `netdoctor/recording/1`. */
import type { Netns } from '../../model/netns.ts';
import type { Tracing } from '../machine.ts';
import type { Asked } from './asked.ts';
import { type Brief, lengthen, shorten } from './brief.ts';

export const SCHEMA = 'netdoctor/recording/1';

/** Something that a socket, a capture, a trace or a program told by itself. */
export interface Told {
  readonly stream: string;
  /** The call that led to it, and how many milliseconds later it was told. */
  readonly after: string;
  readonly delay: number;
  readonly event: unknown;
}

/** A call that others refer to, with its moment: nanoseconds of the recorded machine's CLOCK_MONOTONIC. */
export type Marks = Readonly<Record<string, bigint>>;

export interface Recording {
  readonly schema: typeof SCHEMA;
  /** The words netdoctor was called with. */
  readonly argv: readonly string[];
  readonly machine: {
    readonly uid: number;
    readonly pid: number;
    readonly started: string;
    /** Absent in recordings of before there was a choice. */
    readonly tracing?: Tracing;
    readonly self: Netns;
    /** Only what was looked at. */
    readonly env: Readonly<Record<string, string | undefined>>;
  };
  readonly marks: Marks;
  readonly asked: readonly Asked[];
  readonly told: readonly Told[];
}

/** The recording as a file: a line for each answer and each thing told, so that two of them can be compared. */
export function toText({ asked, told, marks, ...head }: Recording): string {
  // Names of streams and calls are long, and told again and again.
  const names = [...new Set(told.flatMap(({ stream, after }) => [stream, after]))];
  const at = new Map(names.map((name, index) => [name, index]));
  const lines = (items: readonly unknown[]): string => `[\n${items.map(encode).join(',\n')}\n]`;
  const parts = {
    names: lines(names),
    marks: lines(names.map((name) => marks[name] ?? null)),
    asked: lines(shorten(asked, encode)),
    told: lines(told.map(({ stream, after, delay, event }) => [at.get(stream), at.get(after), delay, event])),
  };
  const rest = Object.entries(parts).map(([name, text]) => `,\n"${name}": ${text}`);
  return `${encode(head).slice(0, -1)}${rest.join('')}\n}\n`;
}

/** @throws Error for a text that is no recording */
export function fromText(text: string): Recording {
  const { names, told, marks, asked, ...head } = JSON.parse(text, decode) as Omit<
    Recording,
    'told' | 'marks' | 'asked'
  > & {
    readonly asked: readonly Brief[];
    readonly names: readonly string[];
    readonly marks: readonly (bigint | null)[];
    readonly told: readonly [number, number, number, unknown][];
  };
  if (head.schema !== SCHEMA) throw new Error(`this is no recording of netdoctor's: schema ${head.schema}`);
  return {
    ...head,
    asked: lengthen(asked, encode, (answer) => JSON.parse(answer, decode)),
    marks: Object.fromEntries(names.flatMap((name, index) => (marks[index] ? [[name, marks[index]]] : []))),
    told: told.map(([stream, after, delay, event]) => ({
      stream: names[stream]!,
      after: names[after]!,
      delay,
      event,
    })),
  };
}

/** Numbers and bytes that JSON has no words for get words of their own. */
const encode = (item: unknown): string =>
  JSON.stringify(item, (_, value: unknown) => {
    if (typeof value === 'bigint') return { $bigint: String(value) };
    const bytes = bytesOf(value);
    return bytes ? { $bytes: Buffer.from(bytes as Uint8Array).toString('base64') } : value;
  });

function decode(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('$bigint' in value) return BigInt(String(value.$bigint));
  return '$bytes' in value ? Uint8Array.from(Buffer.from(String(value.$bytes), 'base64')) : value;
}

/** JSON.stringify asks a Buffer for its own form before anybody else may look. */
function bytesOf(value: unknown): ArrayLike<number> | undefined {
  if (value instanceof Uint8Array) return value;
  const form = value as { type?: unknown; data?: unknown } | null;
  return form && typeof form === 'object' && form.type === 'Buffer' && Array.isArray(form.data)
    ? (form.data as number[])
    : undefined;
}
