import type { Machine } from '../host/machine.ts';

/** Is there such a file or socket? Looking costs microseconds, where a client without its daemon may wait for seconds. */
export function isThere(machine: Machine, path: string): boolean {
  const at = path.lastIndexOf('/');
  const names = machine.list(path.slice(0, at) || '/');
  return names.known && names.value.includes(path.slice(at + 1));
}
