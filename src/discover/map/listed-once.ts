/** Each folder of the host is listed once for a map: /proc takes the kernel a millisecond where there are hundreds of processes. */
import type { Machine } from '../../host/machine.ts';
import type { Answer } from '../../model/answer.ts';

export function listedOnce(machine: Machine): Machine {
  const listed = new Map<string, Answer<readonly string[]>>();
  return {
    ...machine,
    list(directory, where) {
      if (where) return machine.list(directory, where);
      const names = listed.get(directory) ?? machine.list(directory);
      listed.set(directory, names);
      return names;
    },
  };
}
