/** The engine and the machine, as a conversation asks them. */
import { listTargets } from '../discover/target.ts';
import { diagnose } from '../engine/diagnose.ts';
import type { Machine } from '../host/machine.ts';
import type { Source } from '../model/answer.ts';
import { type Command, commandLine } from '../model/netns.ts';
import type { Listed, Surroundings } from '../repl/surroundings.ts';

/** More than anybody reads back; an hour of watching must not fill the memory. */
const KEPT = 1000;

/** How long the list of containers is believed: Tab may be pressed again and again. */
const FRESH = 2000;

/** The same machine, which remembers what it ran. */
function remembering(machine: Machine): { machine: Machine; ran: Source[] } {
  const ran: Source[] = [];
  const note = (command: Command): void => {
    ran.push(commandLine(command));
    if (ran.length > KEPT) ran.shift();
  };
  return {
    ran,
    machine: {
      ...machine,
      run(command, options) {
        note(command);
        return machine.run(command, options);
      },
      start(command, onLine) {
        note(command);
        return machine.start(command, onLine);
      },
    },
  };
}

/** Joins the real parts. `versions` are told in reports. */
export function surroundingsOf(real: Machine, versions: readonly string[]): Surroundings {
  const { machine, ran } = remembering(real);
  let listed: { at: number; answer: Promise<Listed> } | null = null;
  return {
    versions,
    diagnose: (question, signal) => diagnose(machine, question, signal),
    commandsRun: () => ran,
    targets() {
      const now = Date.now();
      // Asked of the real machine: the look-ups of completion are not what a person wants to copy.
      if (listed === null || now - listed.at > FRESH) listed = { at: now, answer: listTargets(real) };
      return listed.answer;
    },
    save(file, text) {
      const written = machine.write(file, text);
      return written.known ? null : written.detail;
    },
  };
}
