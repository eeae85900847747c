/**
 * Sees what changes in the namespaces of a way: by the kernel's own notifications, after which the state is read again and
 * compared, and where the kernel does not tell, by comparing all the time.
 */
import type { Machine, StateListener, StateNote } from '../../host/machine.ts';
import { wallOffset } from '../../host/sys/wall-clock.ts';
import type { Unknown } from '../../model/evidence.ts';
import type { Change } from './change.ts';
import { fewer } from './fewer.ts';
import type { Place, Reading, Source } from './source.ts';
import { compare, type State } from './state.ts';

const files = import.meta.glob<{ default: Source }>('./sources/*.ts', { eager: true });
const sources: readonly Source[] = Object.values(files).map((file) => file.default);

/** One command may cause many notifications. Milliseconds that the first of them is held. */
const TOGETHER = 5;

interface Kept {
  readonly place: Place;
  readonly source: Source;
  readonly reading: Reading;
  state: State | null;
  /** When the first notification came that it has not been read since; null: none. */
  woken: bigint | null;
  /** When it was read last. */
  looked: bigint;
  /** The reading that is under way: who is woken meanwhile is read once more. */
  busy: Promise<void> | null;
}

const MILLISECOND = 1_000_000n;

export class Changes {
  /** What cannot be compared, and why. */
  readonly unknown: Unknown[] = [];
  readonly #machine: Machine;
  readonly #tell: (change: Change) => void;
  #kept: Kept[] = [];
  #listeners: StateListener[] = [];
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(machine: Machine, tell: (change: Change) => void) {
    this.#machine = machine;
    this.#tell = tell;
  }

  /** From now on these namespaces; resolves when it is known how they are. */
  async onto(places: readonly Place[]): Promise<void> {
    this.#hearNoMore();
    const before = this.#kept;
    const kept = places.flatMap((place) =>
      sources.map((source): Kept => {
        const reading = source.open(this.#machine, place);
        return { place, source, reading, state: null, woken: null, looked: this.#machine.now(), busy: null };
      }),
    );
    this.#kept = kept;
    for (const place of places) this.#hear(place);
    await letGo(before);
    await Promise.all(
      kept.map(async (one) => {
        const answer = await one.reading.read();
        // Others may have come in its place meanwhile, and what it held open is closed.
        if (!this.#kept.includes(one)) return;
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

  /** Compares what the kernel does not tell of, where it is time to. */
  poll(): void {
    const now = this.#machine.now();
    this.#look(
      ({ woken, looked, source: { every } }) =>
        woken !== null || (every !== null && now - looked >= BigInt(every) * MILLISECOND),
    );
  }

  /** One that takes long keeps no other from being read. */
  #look(wanted: (one: Kept) => boolean): void {
    if (this.#over) return;
    for (const one of this.#kept) {
      if (one.busy !== null || !wanted(one)) continue;
      one.busy = this.#read(one).then(() => {
        one.busy = null;
        if (one.woken !== null) this.#look((other) => other === one);
      });
    }
  }

  async #read(one: Kept): Promise<void> {
    const { place, woken } = one;
    one.woken = null;
    one.looked = this.#machine.now();
    const answer = await one.reading.read();
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
    await Promise.all(this.#kept.map(({ busy }) => busy));
  }

  async stop(): Promise<void> {
    this.#over = true;
    this.#hearNoMore();
    await letGo(this.#kept);
  }
}

async function letGo(kept: readonly Kept[]): Promise<void> {
  await Promise.all(kept.map(({ busy }) => busy));
  for (const { reading } of kept) reading.close();
}
