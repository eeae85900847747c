/** What the machine looks like to a recipe: the host and its containers, read when asked and forgotten after a change. */

import { type Inhabitant, takeInventory } from '../discover/inventory.ts';
import { readStack } from '../discover/stack.ts';
import type { Machine, Output } from '../host/machine.ts';
import type { Answer } from '../model/answer.ts';
import { cannotLook, wrongCall } from '../model/failure.ts';
import { type Change, run } from '../model/fix.ts';
import { command } from '../model/netns.ts';
import { type Link, linkNamed, type Stack } from '../model/stack.ts';
import { refusalOfArguments } from '../words/arguments.ts';
import { HOST, netnsOf, type Place } from './place.ts';

type Argv = readonly [string, ...string[]];

const EMPTY: Stack = { netns: null, links: [], routes: [], rules: [], neighbours: [] };

export class World {
  readonly machine: Machine;
  readonly #places = new Map<string, Place>([['host', HOST]]);
  readonly #stacks = new Map<string, Promise<Stack>>();
  #inhabitants: Promise<readonly Inhabitant[]> | null = null;
  /** Addresses that answers have given to somebody and no step has set yet, with the place they are for. */
  readonly promised = new Map<string, string>();

  constructor(machine: Machine) {
    this.machine = machine;
  }

  add(place: Place): void {
    this.#places.set(place.text, place);
  }

  get places(): readonly Place[] {
    return [...this.#places.values()];
  }

  /** The place a recipe calls so; the host when it names none. */
  place(text: string | undefined): Place {
    const found = this.#places.get(text ?? 'host');
    if (!found) throw new Error(`the recipe speaks of ${text}, which no question asked for`);
    return found;
  }

  /** Is there such a namespace now? */
  exists(place: Place): boolean {
    return place.path === null || this.machine.netns(place.path).known;
  }

  #netns(text: string | undefined) {
    const place = this.place(text);
    const answer = place.path === null ? null : this.machine.netns(place.path);
    return netnsOf(place, answer?.known ? answer.value.inode : 0);
  }

  /** A change made by a program in a place. @throws Failure where the program would read something else in the words */
  change(place: string | undefined, argv: Argv): Change {
    const because = refusalOfArguments(argv);
    if (because)
      throw wrongCall(
        'odd-words',
        `The recipe would have ${argv[0]} do something else than it says: ${because}.`,
        'Give a plain name, address or number.',
      );
    return run(argv, this.#netns(place));
  }

  /** Runs a program that looks and changes nothing. */
  look(place: string | undefined, argv: Argv): Promise<Answer<Output>> {
    const netns = this.#netns(place);
    return this.machine.run(command(argv, netns));
  }

  /** The network of a place; empty while the place does not exist. @throws Failure when it cannot be read. */
  stack(text?: string): Promise<Stack> {
    const place = this.place(text);
    const known = this.#stacks.get(place.text);
    if (known) return known;
    const reading = this.#read(place);
    this.#stacks.set(place.text, reading);
    return reading;
  }

  async #read(place: Place): Promise<Stack> {
    if (!this.exists(place)) {
      if (place.target === null) return EMPTY;
      throw cannotLook(
        'container-gone',
        `${place.label} is gone: its network namespace is no longer there.`,
        'netdoctor containers',
      );
    }
    const answer = await readStack(this.machine, this.#netns(place.text));
    if (answer.known) return answer.value;
    throw cannotLook(
      answer.because === 'no-permission' ? 'no-permission' : 'state-unreadable',
      `The network of ${place.label} cannot be read: ${answer.detail}.`,
      answer.because === 'no-permission' ? 'Run it as root: sudo netdoctor setup' : 'netdoctor containers',
    );
  }

  /** Every container and namespace of this machine with its network, as far as it may be looked at. */
  inhabitants(): Promise<readonly Inhabitant[]> {
    this.#inhabitants ??= takeInventory(this.machine).then((inventory) => inventory.inhabitants);
    return this.#inhabitants;
  }

  async link(place: string | undefined, name: string): Promise<Link | undefined> {
    return linkNamed(await this.stack(place), name);
  }

  /** A sysctl's value in a place; null when this kernel has none of that name. */
  sysctl(place: string | undefined, key: string): string | null {
    // A dot within an interface's name is written as a slash, as sysctl(8) does.
    const file = `/proc/sys/${key.replace(/[./]/g, (sign) => (sign === '.' ? '/' : '.'))}`;
    const there = this.place(place);
    if (!this.exists(there)) return null;
    const answer = this.machine.read(file, this.#netns(place));
    return answer.known ? answer.value.trim() : null;
  }

  /** After a change everything is read anew. */
  forget(): void {
    this.#stacks.clear();
    this.#inhabitants = null;
  }
}
