/** Functions of the running kernel by the addresses of their code: /proc/kallsyms, proc(5). */
import { closeSync, openSync, readSync } from 'node:fs';

const LINE = /^([0-9a-f]{16}) [tTwW] (\S+)/;

/** The name of the function that an address lies in; null where none is known. */
export type NameOf = (address: bigint) => string | null;

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
/** Behind the name of a module. */
const BRACKET = 93;
/** No function is longer: an address so far behind one lies in none. Bytes. */
const LONGEST = 0x20000n;

/** The function that an address lies in; undefined where the addresses are hidden (kptr_restrict) or none fits. */
export function symbolIn(kallsyms: Buffer, address: bigint): string | undefined {
  const search = new Search(address);
  search.goOn(kallsyms, kallsyms.length);
  return search.nameIn(kallsyms);
}

/** Looks for the function that an address lies in, in a list that may still be read on. */
export class Search {
  readonly #address: bigint;
  readonly #wanted: Buffer;
  #at = 0;
  #best = -1;
  #isSettled = false;

  constructor(address: bigint) {
    this.#address = address;
    this.#wanted = Buffer.from(address.toString(16).padStart(DIGITS, '0'));
  }

  /**
   * Goes on to `end`, which is the end of a line. True: what comes behind tells nothing more. The kernel's own code comes
   * first and in order, as it looks addresses up itself (kernel/kallsyms.c): the next of it has been seen. Modules follow in
   * any order.
   */
  goOn(kallsyms: Buffer, end: number): boolean {
    if (this.#passOver(kallsyms, end)) return false;
    // By hand: there are a hundred thousand lines and more, and a call for each of them takes longer than reading it.
    for (let at = this.#at; at < end && !this.#isSettled; at++) {
      const line = at;
      at += TYPE;
      while (at < end && kallsyms[at] !== NEWLINE) at++;
      if (!isCode(kallsyms[line + TYPE])) continue;
      if (order(kallsyms, line, this.#wanted, 0) > 0)
        this.#isSettled = this.#best >= 0 && kallsyms[at - 1] !== BRACKET;
      else if (this.#best < 0 || order(kallsyms, line, kallsyms, this.#best) > 0) this.#best = line;
    }
    this.#at = end;
    return this.#isSettled;
  }

  /** Where the last line is the kernel's own and still before the address, all lines are: the last of code counts. */
  #passOver(kallsyms: Buffer, end: number): boolean {
    if (end <= this.#at || kallsyms[end - 2] === BRACKET) return false;
    let line = startOfLine(kallsyms, end - 1);
    if (order(kallsyms, line, this.#wanted, 0) > 0) return false;
    while (line > this.#at && !isCode(kallsyms[line + TYPE])) line = startOfLine(kallsyms, line - 1);
    if (isCode(kallsyms[line + TYPE])) this.#best = line;
    this.#at = end;
    return true;
  }

  nameIn(kallsyms: Buffer): string | undefined {
    if (this.#best < 0) return undefined;
    const [, start, name] = LINE.exec(kallsyms.toString('latin1', this.#best, this.#best + 256)) ?? [];
    const from = BigInt(`0x${start}`);
    return name && from > 0n && this.#address - from < LONGEST ? unsplit(name) : undefined;
  }
}

/** Of the line that ends at this newline. */
const startOfLine = (kallsyms: Buffer, newline: number): number =>
  kallsyms.lastIndexOf(NEWLINE, newline - 1) + 1;

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

/** What is read of the list between two looks at everything else. The kernel gives a page at a time. Bytes. */
const SLICE = 131_072;

/**
 * Names addresses. `tell` is who knows them without the list; else the list is read once, piece by piece, and only as far as an
 * address needs: by way of a pool of threads a thousand pages of it take longer than the kernel does to write them.
 */
export class Symbols {
  #text = Buffer.alloc(0);
  #length = 0;
  #fd: number | null | undefined;
  readonly #known = new Map<bigint, string | null>();
  readonly #tell: NameOf | null;

  constructor(tell: NameOf | null = null) {
    this.#tell = tell;
  }

  async nameOf(address: bigint): Promise<string | null> {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const told = this.#tell?.(address) ?? null;
    if (told !== null) {
      this.#known.set(address, told);
      return told;
    }
    const search = new Search(address);
    while (!search.goOn(this.#text, this.#whole()) && this.#readOn())
      await new Promise((resolve) => setImmediate(resolve));
    const name = search.nameIn(this.#text) ?? null;
    this.#known.set(address, name);
    return name;
  }

  /** Whole lines that have been read. */
  #whole(): number {
    return this.#length === 0 ? 0 : this.#text.lastIndexOf(NEWLINE, this.#length - 1) + 1;
  }

  /** False when there is no more. */
  #readOn(): boolean {
    this.#fd ??= this.#fd === undefined ? opened() : null;
    const from = this.#length;
    while (this.#fd !== null && this.#length - from < SLICE) {
      if (this.#text.length - this.#length < SLICE)
        this.#text = Buffer.concat([this.#text], 2 * this.#length + 2 * SLICE);
      const read = pageOf(this.#fd, this.#text, this.#length);
      this.#length += read;
      if (read > 0) continue;
      closeSync(this.#fd);
      this.#fd = null;
    }
    return this.#length > from;
  }
}

function opened(): number | null {
  try {
    return openSync('/proc/kallsyms', 'r');
  } catch {
    return null;
  }
}

function pageOf(fd: number, into: Buffer, at: number): number {
  try {
    return readSync(fd, into, at, SLICE, null);
  } catch {
    return 0;
  }
}
