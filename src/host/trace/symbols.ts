/** Functions of the running kernel by the addresses of their code: /proc/kallsyms, proc(5). */
import { closeSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const LINE = /^([0-9a-f]{16}) [tTwW] (\S+)/;

/** The function's own name, without what a compiler puts behind that of one which it split. */
export const unsplit = (symbol: string): string => symbol.replace(/\.(constprop|isra|part|cold)\b.*$/, '');

/** The first lines tell: per-processor symbols come first, with small numbers, then code. Bytes. */
const BEGINNING = 65_536;

/** Does the kernel show this process the addresses of its functions? kptr_restrict, proc_sys_kernel(5). */
export function showsFunctions(): boolean {
  const bytes = Buffer.alloc(BEGINNING);
  try {
    const fd = openSync('/proc/kallsyms', 'r');
    try {
      return /^(?!0{16})[0-9a-f]{16} \S/m.test(bytes.toString('latin1', 0, readSync(fd, bytes)));
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}

/** Digits of an address, and where the letter of its type stands. */
const DIGITS = 16;
const TYPE = 17;
const NEWLINE = 10;
/** No function is longer: an address so far behind one lies in none. Bytes. */
const LONGEST = 0x20000n;

/** The function that an address lies in; undefined where the addresses are hidden (kptr_restrict) or none fits. */
export function symbolIn(kallsyms: Buffer, address: bigint): string | undefined {
  const wanted = Buffer.from(address.toString(16).padStart(DIGITS, '0'));
  let best = -1;
  // By hand: there are a hundred thousand lines and more, and a call for each of them takes longer than reading it.
  for (let at = 0; at < kallsyms.length; at++) {
    if (
      isCode(kallsyms[at + TYPE]) &&
      order(kallsyms, at, wanted, 0) <= 0 &&
      (best < 0 || order(kallsyms, at, kallsyms, best) > 0)
    )
      best = at;
    at += TYPE;
    while (at < kallsyms.length && kallsyms[at] !== NEWLINE) at++;
  }
  if (best < 0) return undefined;
  const [, start, name] = LINE.exec(kallsyms.toString('latin1', best, best + 256)) ?? [];
  const from = BigInt(`0x${start}`);
  return name && from > 0n && address - from < LONGEST ? unsplit(name) : undefined;
}

/** Sixteen digits each: their order is that of the numbers. */
function order(one: Buffer, at: number, other: Buffer, from: number): number {
  for (let digit = 0; digit < DIGITS; digit++) {
    const difference = one[at + digit]! - other[from + digit]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `t`, `T`, `w`, `W`. */
const isCode = (type: number | undefined): boolean =>
  type === 116 || type === 84 || type === 119 || type === 87;

/** Names addresses; the symbols are read once, when it is made. */
export class Symbols {
  readonly #text: Promise<Buffer>;
  readonly #known = new Map<bigint, string | null>();

  constructor() {
    this.#text = readFile('/proc/kallsyms').catch(() => Buffer.alloc(0));
  }

  async nameOf(address: bigint): Promise<string | null> {
    const text = await this.#text;
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const name = symbolIn(text, address) ?? null;
    this.#known.set(address, name);
    return name;
  }
}
