/** bpf(2), which no C library has a function for. */
import { libc } from './libc.ts';

/** Number of the system call by architecture. */
const NUMBERS: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 321, arm64: 280 };

/** What the kernel answers: below 0 where it refuses, why by errno. `attributes`: union bpf_attr of linux/bpf.h. */
export type Bpf = (command: number, attributes: Buffer) => number;

/** Undefined on an architecture whose number of it is not known. */
export function bpfCall(): Bpf | undefined {
  const number = NUMBERS[process.arch];
  return number === undefined
    ? undefined
    : (command, attributes) => libc().bpf(number, command, attributes, attributes.length);
}
