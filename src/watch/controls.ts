/** What a person does to a watch that is drawn: hold it still, begin anew, look at a window, or at one hop. */
import type { Ledger } from './ledger.ts';
import type { View } from './picture/view.ts';
import type { Glance } from './recent.ts';
import type { Told } from './tally.ts';

/** Seconds of the windows beside the one that was asked for. */
const SHORT = 10;
const LONG = 300;
/** As wide as no terminal is. */
const WIDEST = 400;

export const windowsOf = (asked: number): number[] =>
  [...new Set([SHORT, asked, LONG])].sort((a, b) => a - b);

/** Everything that is shown, as it was at one moment. */
interface Still {
  readonly elapsed: number;
  readonly whole: Told;
  readonly windows: ReadonlyMap<number, Told>;
  readonly glances: readonly Glance[];
  readonly happenings: View['happenings'];
}

type Size = Pick<View, 'columns' | 'glyphs'>;

export class Controls {
  readonly #ledger: Ledger;
  readonly #interval: number;
  readonly #windows: readonly number[];
  /** Which of the windows; -1: the whole run. */
  #window = -1;
  #chosen: number | null = null;
  #still: Still | null = null;

  /** Both in seconds. */
  constructor(ledger: Ledger, interval: number, window: number) {
    this.#ledger = ledger;
    this.#interval = interval;
    this.#windows = windowsOf(window);
  }

  /** `elapsed`: seconds since it began. */
  press(key: string, elapsed: number): 'end' | undefined {
    const hops = this.#ledger.course?.hops.length ?? 0;
    if (key === 'q' || key === 'ctrl-c') return 'end';
    if (key === ' ') this.#still = this.#still ? null : this.#hold(elapsed);
    if (key === 'c') {
      this.#still = null;
      this.#ledger.clear();
    }
    if (key === 'w') this.#window = this.#window + 1 < this.#windows.length ? this.#window + 1 : -1;
    if (key === 'n' || key === 'down') this.#choose(this.#chosen === null ? 0 : this.#chosen + 1, hops);
    if (key === 'p' || key === 'up') this.#choose(this.#chosen === null ? hops : this.#chosen - 1, hops);
    if (key === 'escape') this.#chosen = null;
    return undefined;
  }

  /** Past either end nothing is chosen. */
  #choose(leg: number, hops: number): void {
    this.#chosen = leg < 0 || leg > hops ? null : leg;
  }

  #hold(elapsed: number): Still {
    const { happenings } = this.#ledger;
    return {
      elapsed,
      whole: this.#ledger.whole(),
      windows: new Map(this.#windows.map((seconds) => [seconds, this.#ledger.window(seconds)])),
      glances: this.#ledger.last(WIDEST),
      happenings: happenings.copy(),
    };
  }

  /** Null before anything is watched. */
  view(size: Size, elapsed: number): View | null {
    const { course } = this.#ledger;
    if (!course) return null;
    const still = this.#still;
    const window = this.#windows[this.#window] ?? null;
    const now = (): Told => (window === null ? this.#ledger.whole() : this.#ledger.window(window));
    const held = still && (window === null ? still.whole : still.windows.get(window));
    return {
      ...size,
      course,
      told: held ?? now(),
      window,
      happenings: still?.happenings ?? this.#ledger.happenings,
      last: (count) => (still ? still.glances.slice(-count) : this.#ledger.last(count)),
      elapsed: still?.elapsed ?? elapsed,
      interval: this.#interval,
      chosen: this.#chosen,
      isFrozen: still !== null,
    };
  }
}
