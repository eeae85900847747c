/** Functions of the running kernel by the addresses of their code: /proc/kallsyms, proc(5). */
import { closeSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const LINE = /^([0-9a-f]{16}) [tTwW] (\S+)/;
/** What a compiler puts behind the name of a function that it split. */
const SPLIT = /\.(constprop|isra|part|cold)\b.*$/;

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

/** The function that an address lies in; undefined where the addresses are hidden (kptr_restrict) or none fits. */
export function symbolIn(kallsyms: Buffer, address: bigint): string | undefined {
  const wanted = Buffer.from(address.toString(16).padStart(16, '0'));
  let best = -1;
  for (let at = 0; at < kallsyms.length; ) {
    const end = kallsyms.indexOf(10, at);
    const next = end < 0 ? kallsyms.length : end + 1;
    // Sixteen digits each: their order is that of the numbers.
    const isBefore = kallsyms.compare(wanted, 0, 16, at, at + 16) <= 0;
    if (
      isBefore &&
      isCode(kallsyms[at + 17]) &&
      (best < 0 || kallsyms.compare(kallsyms, best, best + 16, at, at + 16) > 0)
    )
      best = at;
    at = next;
  }
  if (best < 0) return undefined;
  const [, start, name] = LINE.exec(kallsyms.toString('latin1', best, best + 256)) ?? [];
  return name && BigInt(`0x${start}`) > 0n ? name.replace(SPLIT, '') : undefined;
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
