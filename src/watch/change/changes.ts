/**
 * Sees what changes in the namespaces of a way: by the kernel's own notifications, after which the state is read again and
 * compared, and where the kernel does not tell, by comparing all the time.
 */
import type { Machine, StateListener, StateNote } from '../../host/machine.ts';
import { wallOffset } from '../../host/sys/wall-clock.ts';
import type { Unknown } from '../../model/evidence.ts';
import type { Change } from './change.ts';
import { fewer } from './fewer.ts';
import type { Place, Source } from './source.ts';
import { compare, type State } from './state.ts';

const files = import.meta.glob<{ default: Source }>('./sources/*.ts', { eager: true });
const sources: readonly Source[] = Object.values(files).map((file) => file.default);

/** One command may cause many notifications. Milliseconds that the first of them is held. */
const TOGETHER = 5;

interface Kept {
  readonly place: Place;
  readonly source: Source;
  state: State | null;
  /** When the first notification came that it has not been read since; null: none. */
  woken: bigint | null;
}

export class Changes {
  /** What cannot be compared, and why. */
  readonly unknown: Unknown[] = [];
  readonly #machine: Machine;
  readonly #tell: (change: Change) => void;
  #kept: Kept[] = [];
  #listeners: StateListener[] = [];
  #reading: Promise<void> = Promise.resolve();
  #busy = false;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(machine: Machine, tell: (change: Change) => void) {
    this.#machine = machine;
    this.#tell = tell;
  }

  /** From now on these namespaces; resolves when it is known how they are. */
  async onto(places: readonly Place[]): Promise<void> {
    this.#hearNoMore();
    const kept = places.flatMap((place) =>
      sources.map((source): Kept => ({ place, source, state: null, woken: null })),
    );
    this.#kept = kept;
    for (const place of places) this.#hear(place);
    await this.#reading;
    await Promise.all(
      kept.map(async (one) => {
        const answer = await one.source.read(this.#machine, one.place);
        if (answer.known) one.state = answer.value;
        else this.#note(`changes of the ${one.source.name} of the ${one.place.where}`, answer.detail);
      }),
    );
  }

  #hear(place: Place): void {
    const listener = this.#machine.listenState(place.netns, (note) => this.#wake(place, note));
    if (listener.known) this.#listeners.push(listener.value);
    else this.#note(`when something changes in the network of the ${place.where}`, listener.detail);
  }

  #note(what: string, because: string): void {
    if (!this.unknown.some((one) => one.what === what)) this.unknown.push({ what, because });
  }

  #wake(place: Place, { kind, at }: StateNote): void {
    for (const one of this.#kept)
      if (one.place === place && (kind === 'any' || one.source.woken.includes(kind))) one.woken ??= at;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#look((one) => one.woken !== null);
    }, TOGETHER).unref();
  }

  /** Compares what the kernel does not tell of. */
  poll(): void {
    this.#look((one) => one.woken !== null || one.source.woken.length === 0);
  }

  /** One reading at a time; who comes meanwhile is looked at in the next. */
  #look(wanted: (one: Kept) => boolean): void {
    if (this.#busy || this.#over) return;
    this.#busy = true;
    const all = this.#kept.filter(wanted);
    this.#reading = Promise.all(all.map((one) => this.#read(one))).then(() => {
      this.#busy = false;
      if (this.#kept.some((one) => one.woken !== null)) this.#look((one) => one.woken !== null);
    });
  }

  async #read(one: Kept): Promise<void> {
    const { place, source, woken } = one;
    one.woken = null;
    const answer = await source.read(this.#machine, place);
    if (!answer.known || this.#over || !this.#kept.includes(one)) return;
    const before = one.state;
    one.state = answer.value;
    if (!before) return;
    const at = (woken ?? this.#machine.now()) + wallOffset();
    for (const { device, ...rest } of fewer(compare(before, answer.value)))
      this.#tell({
        ...rest,
        where: place.where,
        at,
        exact: woken !== null,
        near: device === null || place.devices.includes(device),
      });
  }

  #hearNoMore(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const listener of this.#listeners) listener.stop();
    this.#listeners = [];
  }

  /** Resolves when what was told by now has been read. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  async stop(): Promise<void> {
    this.#over = true;
    this.#hearNoMore();
    await this.#reading;
  }
}
