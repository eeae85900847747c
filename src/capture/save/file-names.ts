/** What the files of one capture are called: one after the other, or a ring of them. */
import path from 'node:path';

export interface Naming {
  readonly file: string;
  /** How many there are at most; null: as many as it takes. */
  readonly most: number | null;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** strftime(3), as far as names of captures need it; of local time, as tcpdump(8) -G has it. */
const DATE: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getFullYear()),
  m: (date) => two(date.getMonth() + 1),
  d: (date) => two(date.getDate()),
  H: (date) => two(date.getHours()),
  M: (date) => two(date.getMinutes()),
  S: (date) => two(date.getSeconds()),
  F: (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
  T: (date) => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
  s: (date) => String(Math.floor(date.getTime() / 1000)),
  '%': () => '%',
};

export const withDate = (name: string, date: Date): string =>
  name.replace(/%([YmdHMSFTs%])/g, (_, letter: string) => DATE[letter]!(date));

/** `web.pcapng`, `web-1.pcapng`, `web-2.pcapng`; of a ring of ten, all numbers are equally long. */
export function nameOf({ file, most }: Naming, number: number, date: Date): string {
  const dated = withDate(file, date);
  const place = most === null ? number : number % most;
  if (most === null && (number === 0 || dated !== file)) return dated;
  const digits = most === null ? 0 : String(most - 1).length;
  const { dir, name, ext } = path.parse(dated);
  return path.join(dir, `${name}-${String(place).padStart(digits, '0')}${ext}`);
}
