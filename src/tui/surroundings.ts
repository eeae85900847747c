/**
 * The engine and the machine, as a conversation asks them. Each part is loaded when it is first asked: the first frame waits for
 * none of them.
 */
import { release, type } from 'node:os';
import { shelf, titleIn } from '../guide/folders.ts';
import type { Machine } from '../host/machine.ts';
import { version } from '../host/package.ts';
import { told } from '../host/told.ts';
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
  return { ran, machine: told(machine, note) };
}

/** Joins the real parts. */
export function surroundingsOf(real: Machine): Surroundings {
  const { machine, ran } = remembering(real);
  let listed: { at: number; answer: Promise<Listed> } | null = null;
  return {
    versions: () => [`netdoctor ${version()}`, `${type()} ${release()}`, `Node.js ${process.versions.node}`],
    async *diagnose(question, signal) {
      const { diagnose } = await import('../engine/diagnose.ts');
      yield* diagnose(machine, question, signal);
    },
    find: async (name) => (await import('../targets/target.ts')).findTarget(real, name),
    inventory: async () => (await import('./around.ts')).withAddresses(real),
    veths: async () => (await import('./around.ts')).allVeths(real),
    async lookUp(target, name) {
      const [{ nameStory }, { lookUpDocument }] = await Promise.all([
        import('../engine/name-story.ts'),
        import('../resolver/document.ts'),
      ]);
      return lookUpDocument((await nameStory(real, target, name)).story);
    },
    capture: async (...asked) => (await import('./capturing.ts')).capturing(real)(...asked),
    watch: async (...asked) => (await import('./watching.ts')).watchingOn(real)(...asked),
    failing: async (target) => (await import('../engine/now-failing.ts')).nowFailing(real, target),
    repair: async (...asked) => (await import('./changes.ts')).repairing(machine)(...asked),
    keep: async () => (await import('./changes.ts')).keepAll(machine),
    map: async () => (await import('../discover/map.ts')).drawMap(real),
    undo: async (id, force) => (await import('./changes.ts')).undoOne(machine, id, force),
    recipes: () => shelf(real).map(({ name, file }) => ({ name, title: titleIn(real, file) })),
    commandsRun: () => ran,
    targets() {
      const now = Date.now();
      // Asked of the real machine: the look-ups of completion are not what a person wants to copy.
      if (listed === null || now - listed.at > FRESH) listed = { at: now, answer: listedNow(real) };
      return listed.answer;
    },
    save(file, text) {
      const written = machine.write(file, text, { whole: true });
      return written.known ? null : written.detail;
    },
  };
}

const listedNow = async (machine: Machine): Promise<Listed> =>
  (await import('../targets/target.ts')).listTargets(machine);
