/** All that a watch has told, added up: every way of showing it takes what it shows from here. */
import { Happenings } from './happenings.ts';
import { measure } from './measured.ts';
import type { Course, WatchEvent } from './question.ts';
import { type Glance, Recent } from './recent.ts';
import { Tally, type Told } from './tally.ts';

/** Trials that a window can hold. */
const MOST = 20_000;

export class Ledger {
  course: Course | null = null;
  happenings = new Happenings();
  readonly #most: number;
  #legs = new Tally(0);
  #recent = new Recent(1, 0);

  /** The longest window that will be asked for, and the time between two probes: seconds. */
  constructor(window: number, interval: number) {
    this.#most = Math.min(MOST, Math.ceil(window / interval) + 1);
  }

  take(event: WatchEvent): void {
    if (event.type === 'watching') this.#begin(event);
    else if (event.type === 'change') this.happenings.change(event.change);
    else if (this.course === null) return;
    else if (event.type === 'loss') this.happenings.lose(event, this.course);
    else {
      const legs = measure(event.trial, this.course.watched);
      this.#legs.add(event.trial, legs);
      this.#recent.add(event.trial, legs);
    }
  }

  #begin(course: Course): void {
    const before = this.course;
    this.course = course;
    // The same way by other interfaces, as after a container was started again, goes on.
    if (before && shapeOf(before) === shapeOf(course)) return;
    const { length } = course.hops;
    this.#legs = this.#legs.onto(length);
    this.#recent = new Recent(this.#most, length);
  }

  /** Since it began, or since it was cleared. */
  whole(): Told {
    return this.#legs.told();
  }

  /** The last so many seconds. */
  window(seconds: number): Told {
    return this.#recent.window(seconds);
  }

  /** The last so many, the oldest first. */
  last(count: number): Glance[] {
    return this.#recent.last(count);
  }

  clear(): void {
    this.#legs = new Tally(this.course?.hops.length ?? 0);
    this.#recent.clear();
    this.happenings = new Happenings();
  }
}

const shapeOf = ({ hops, watched }: Course): string =>
  hops.map(({ where, kind }, hop) => `${where} ${kind} ${watched[hop]}`).join();
