/** What is told of a namespace, as objects of what `ip -j -d` prints. */
import { type Answer, notKnown } from '../../../model/answer.ts';
import { Failure } from '../../../model/failure.ts';
import type { IpEntry } from '../../machine.ts';

export type Entry = IpEntry;

/** The kernel tells what is not put into words here: iproute2 is to be asked. */
export class Unworded extends Error {}

/** Not known is what has no words here, and everything where koffi is missing: programs are asked then. */
export function unlessUnworded<T>(source: readonly string[], ask: () => Answer<T>): Answer<T> {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof Unworded) && !(error instanceof Failure)) throw error;
    return notKnown('unsupported', `not read without iproute2: ${error.message}`, source);
  }
}

/** The interfaces of the namespace. */
export interface Devices {
  name(ifindex: number): string;
}

/** What is null is not printed. */
export function printed(all: Readonly<Record<string, unknown>>): Entry {
  const entry: Record<string, unknown> = {};
  for (const key in all) {
    const value = all[key];
    if (value !== null && value !== undefined) entry[key] = value;
  }
  return entry;
}
