/** The engine and the machine, as a conversation asks them. */
import { takeInventory } from '../discover/inventory.ts';
import { drawMap } from '../discover/map.ts';
import { readStack } from '../discover/stack.ts';
import { vethPairs } from '../discover/veth.ts';
import { diagnose } from '../engine/diagnose.ts';
import { nameStory } from '../engine/name-story.ts';
import { nowFailing } from '../engine/now-failing.ts';
import { shelf, titleIn } from '../guide/folders.ts';
import { installLine } from '../host/installing.ts';
import type { Machine } from '../host/machine.ts';
import { told } from '../host/told.ts';
import type { Source } from '../model/answer.ts';
import { cannotLook } from '../model/failure.ts';
import { type Command, commandLine } from '../model/netns.ts';
import { Journal } from '../repair/journal/journal.ts';
import { keepAll } from '../repair/rollback.ts';
import { repair } from '../repair/rounds.ts';
import { startRollback } from '../repair/timer.ts';
import type { Undone } from '../repair/undo.ts';
import { undoEntries, unreadableEntries } from '../repair/undo-all.ts';
import { unreadableLine } from '../repair/words.ts';
import type { Listed, Surroundings } from '../repl/surroundings.ts';
import { lookUpDocument } from '../resolver/document.ts';
import { findTarget, listTargets } from '../targets/target.ts';
import { shellLine } from '../words/text.ts';
import { capturing } from './capturing.ts';
import { watchingOn } from './watching.ts';

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

async function allVeths(machine: Machine): ReturnType<Surroundings['veths']> {
  const host = await readStack(machine, null);
  if (!host.known) {
    const message = `This host's links could not be read: ${host.detail}.`;
    throw cannotLook(host.because, message, installLine('ip'));
  }
  const { inhabitants, silent } = await takeInventory(machine);
  return { pairs: vethPairs(machine, host.value, inhabitants), silent };
}

/** A runtime tells its containers' addresses; a bare namespace is looked into. */
async function withAddresses(machine: Machine): Promise<Listed> {
  const { inhabitants, silent } = await takeInventory(machine);
  const candidates = inhabitants.map(({ candidate, stack }) => {
    if (candidate.addresses.length > 0 || stack === null) return candidate;
    const outward = stack.links.filter(({ kind }) => kind !== 'loopback');
    const addresses = outward.flatMap((link) => link.addresses.map(({ address }) => address));
    return { ...candidate, addresses: addresses.filter((address) => !LINK_LOCAL.test(address)) };
  });
  return { candidates, silent };
}

/** Every IPv6 interface has one, and it tells nobody where it is. */
const LINK_LOCAL = /^fe80:/i;

/** The newest change, or the one named; null: there is none. What stands and cannot be read is a Failure. */
async function undoOne(machine: Machine, id: string | null, force: boolean): Promise<Undone | null> {
  if (id !== null && new Journal(machine).look(id) === null) return null;
  const [taken] = await undoEntries(machine, { ...(id === null ? {} : { id }), all: false, force });
  const [unreadable] = taken ? [] : unreadableEntries(machine);
  if (unreadable)
    throw cannotLook('entry-unreadable', unreadableLine(unreadable), shellLine(['cat', unreadable.file]));
  return taken ?? null;
}

/** Joins the real parts. `versions` are told in reports. */
export function surroundingsOf(real: Machine, versions: readonly string[]): Surroundings {
  const { machine, ran } = remembering(real);
  let listed: { at: number; answer: Promise<Listed> } | null = null;
  return {
    versions,
    diagnose: (question, signal) => diagnose(machine, question, signal),
    find: (name) => findTarget(real, name),
    inventory: () => withAddresses(real),
    veths: () => allVeths(real),
    lookUp: async (target, name) => lookUpDocument((await nameStory(real, target, name)).story),
    capture: capturing(real),
    watch: watchingOn(real),
    failing: (target) => nowFailing(real, target),
    repair: (first, request) =>
      repair(first, { ...request, machine, startRollback: (entry) => startRollback(machine, entry) }),
    keep: () => keepAll(machine),
    map: () => drawMap(real),
    undo: (id, force) => undoOne(machine, id, force),
    recipes: () => shelf(real).map(({ name, file }) => ({ name, title: titleIn(real, file) })),
    commandsRun: () => ran,
    targets() {
      const now = Date.now();
      // Asked of the real machine: the look-ups of completion are not what a person wants to copy.
      if (listed === null || now - listed.at > FRESH) listed = { at: now, answer: listTargets(real) };
      return listed.answer;
    },
    save(file, text) {
      const written = machine.write(file, text, { whole: true });
      return written.known ? null : written.detail;
    },
  };
}
