/** The same machine, whose questions all end with one signal: nobody who asks it has to think of the deadline. */
import { notKnown } from '../model/answer.ts';
import { commandLine } from '../model/netns.ts';
import type { Machine } from './machine.ts';

/** What a socket says when nobody waits for it any longer: of the network it says nothing. */
export const GIVEN_UP = 'ECANCELED';

/**
 * What arms and what takes back is not bounded, and nothing is that answers at once. `patience`: milliseconds that a program
 * may take where its caller says nothing else.
 */
export function bounded(machine: Machine, until: AbortSignal, patience?: number): Machine {
  const late = (source: readonly string[]) => notKnown('timeout', 'the time was up', source);
  return {
    ...machine,
    run: async (command, options) =>
      until.aborted
        ? late(commandLine(command))
        : machine.run(command, {
            ...(patience === undefined ? {} : { timeout: patience }),
            ...options,
            signal: until,
          }),
    request: async (socket, path) =>
      until.aborted ? late(['curl', '--unix-socket', socket]) : machine.request(socket, path, until),
    open(spec, onEvent) {
      if (until.aborted) return late(['socket', spec.kind]);
      const opened = machine.open(spec, onEvent);
      if (!opened.known) return opened;
      const end = (): void => onEvent({ type: 'error', errno: GIVEN_UP, at: machine.now() });
      until.addEventListener('abort', end, { once: true });
      const close = (): void => {
        until.removeEventListener('abort', end);
        opened.value.close();
      };
      return { ...opened, value: { ...opened.value, close } };
    },
  };
}
