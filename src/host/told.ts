import type { Command } from '../model/netns.ts';
import type { Machine } from './machine.ts';

/** The same machine, which tells each program before it runs it. */
export function told(machine: Machine, tell: (command: Command) => void): Machine {
  return {
    ...machine,
    run(command, options) {
      tell(command);
      return machine.run(command, options);
    },
    start(command, onLine) {
      tell(command);
      return machine.start(command, onLine);
    },
  };
}
