/** A watch in plain text, line by line as it happens: what it watches, what is lost, what changes. */
import { destination } from '../../model/flow.ts';
import type { Glyphs } from '../../output/glyphs.ts';
import { count, list, plain } from '../../words/text.ts';
import type { Course, Loss, WatchEvent } from '../question.ts';
import type { Trial } from '../trial.ts';
import { changeText, clockText, labelOf, placeText, reasonText } from './labels.ts';
import { secondsText } from './numbers.ts';

export function beginningText(course: Course, interval: number): string {
  const { target, flow, hops, blind } = course;
  const notes = [...blind].map(
    ([hop, because]) => `nobody looks at ${labelOf(course, hop)}: ${plain(because)}\n`,
  );
  const places = list(hops.map((_, hop) => labelOf(course, hop)));
  return `watching ${plain(target.name)} → ${plain(destination(flow))} by ${flow.proto} every ${secondsText(interval)}, at ${places}\n${notes.join('')}`;
}

/** The same way may be listened to otherwise. */
function wayText(before: Course, course: Course): string {
  const [was, places] = [before, course].map((one) => list(one.hops.map((_, hop) => labelOf(one, hop))));
  if (was !== places) return `the way is now ${places}`;
  const [because] = course.blind.values();
  if (because === undefined) return 'every hop is listened to from now on';
  const some = list(course.hops.flatMap((_, hop) => (course.watched[hop] ? [labelOf(course, hop)] : [])));
  return `${some} alone listened to from now on: elsewhere ${plain(because)}`;
}

/** Lines of what happens; losses one behind the other at one place are told once, and how many there were. */
export class Lines {
  readonly #glyphs: Glyphs;
  #course: Course | null = null;
  #running: { loss: Loss; last: Trial; count: number } | null = null;

  constructor(glyphs: Glyphs) {
    this.#glyphs = glyphs;
  }

  take(event: WatchEvent): string {
    if (event.type === 'watching') {
      const before = this.#course;
      this.#course = event;
      return before ? `${this.end()}${wayText(before, event)}\n` : '';
    }
    if (event.type === 'change')
      return `${clockText(event.change.at)} ${this.#glyphs.ascii ? '*' : '△'} changed: ${changeText(event.change, this.#glyphs.arrow)}\n`;
    if (event.type === 'loss') return this.#lose(event);
    return event.trial.lost === null ? this.end() : '';
  }

  #lose(loss: Loss): string {
    const { trial, lost } = loss;
    const before = this.#running;
    if (before && before.last.number === trial.number - 1 && isAlike(before.loss, loss)) {
      before.last = trial;
      before.count++;
      return '';
    }
    const ended = this.end();
    this.#running = { loss, last: trial, count: 1 };
    const why = reasonText(loss, trial.says);
    return `${ended}${clockText(trial.at)} ${this.#glyphs.bad} lost: ${placeText(this.#course!, lost)}${why && `  ${why}`}\n`;
  }

  /** What is still to be said of losses in a row. */
  end(): string {
    const running = this.#running;
    this.#running = null;
    if (!running || running.count === 1) return '';
    const seconds = Number(running.last.at - running.loss.trial.at) / 1e9;
    return `${clockText(running.last.at)}   ${count(running.count, 'probe')} in a row, for ${secondsText(seconds)}\n`;
  }
}

const isAlike = (one: Loss, other: Loss): boolean =>
  JSON.stringify([one.lost, one.dropped, one.rule, one.trial.says]) ===
  JSON.stringify([other.lost, other.dropped, other.rule, other.trial.says]);
