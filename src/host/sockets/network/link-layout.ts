/**
 * Where things stand in a message about a link. Of a thousand ports of a bridge nearly all are laid out alike, and differ in
 * who they are: what was read of one need not be looked for in each of the others.
 */
import { eachAttribute, IFINFOMSG } from '../netlink.ts';

/** What has to be the same in a message that is laid out alike: words of four bytes, by their place from where it begins. */
export interface Layout {
  /** Of the whole message, in bytes. */
  readonly length: number;
  readonly places: readonly number[];
  readonly words: readonly number[];
}

/** Layouts of one length that are tried: a namespace has a few. */
const MOST = 8;

/** What was made of the first message of each layout. */
export class Layouts<T> {
  readonly #known = new Map<number, { readonly layout: Layout; readonly made: T }[]>();

  /** Undefined where none so far was laid out as this one. */
  of(body: Buffer): T | undefined {
    const known = this.#known.get(body.length);
    return known?.find(({ layout }) => isLaidOut(body, layout))?.made;
  }

  keep(layout: Layout, made: T): void {
    const known = this.#known.get(layout.length) ?? [];
    if (known.length < MOST) this.#known.set(layout.length, [...known, { layout, made }]);
  }
}

function isLaidOut(body: Buffer, { places, words }: Layout): boolean {
  const begin = body.byteOffset >> 2;
  const all = wordsIn(body);
  for (let at = 0; at < places.length; at++) if (all[begin + places[at]!] !== words[at]) return false;
  return true;
}

let last: Int32Array = new Int32Array();

/** All words of the memory that holds it; none where it does not begin with one. The kernel's messages do. */
function wordsIn({ buffer, byteOffset }: Buffer): Int32Array {
  if ((byteOffset & 3) !== 0) return NONE;
  if (last.buffer !== buffer) last = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  return last;
}

const NONE = new Int32Array();

/** Attributes whose own attributes are gone over too, and those whose bytes have to be the same, each by its way from the top: `18.1`. */
export interface Parts {
  readonly nested: ReadonlySet<string>;
  readonly fixed: ReadonlySet<string>;
}

/** That of a message of RTM_NEWLINK, which is whole words: the head of every attribute, and the bytes of those that are fixed. */
export function layoutOf(body: Buffer, { nested, fixed }: Parts): Layout {
  // The kind of wire stands in the first word.
  const places = [0];
  const walk = (from: number, until: number, above: string): void =>
    eachAttribute(body, from, until, (type, begin, end) => {
      const way = `${above}${type}`;
      places.push((begin - 4) >> 2);
      if (nested.has(way)) walk(begin, end, `${way}.`);
      else if (fixed.has(way)) for (let at = begin; at < end; at += 4) places.push(at >> 2);
    });
  walk(IFINFOMSG, body.length, '');
  return { length: body.length, places, words: places.map((at) => body.readInt32LE(at << 2)) };
}
