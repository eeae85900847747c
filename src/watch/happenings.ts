/** What happened in a watch beside its counts: losses in a row, their reasons, changes, and which of them belong together. */
import type { Change } from './change/change.ts';
import type { Course, Loss } from './question.ts';
import type { Reason } from './reasons.ts';
import type { Lost, Trial } from './trial.ts';

/** Losses with none between them that came through, all at one place. */
export interface Episode {
  readonly lost: Lost;
  readonly first: Trial;
  last: Trial;
  count: number;
  /** The change beside it. */
  beside: Happened | null;
}

export interface Happened {
  readonly change: Change;
  /** The loss that is nearest to it; null: none is near. */
  beside: Episode | null;
}

/** Losses of one place and one reason. */
export interface Counted extends Reason {
  readonly course: Course;
  readonly lost: Lost;
  readonly says: string | null;
  count: number;
}

/** So many are kept of each; of all there are counts. */
const KEPT = 500;
/** A loss is beside a change that was so much earlier, or was seen so much later: nobody tells of some. Nanoseconds. */
const LATER = 1_000_000_000n;
const SEEN = 300_000_000n;
const HEARD = 30_000_000n;
const late = ({ exact }: Change): bigint => (exact ? HEARD : SEEN);

export class Happenings {
  /** The newest last. */
  readonly episodes: Episode[] = [];
  readonly changes: Happened[] = [];
  readonly reasons = new Map<string, Counted>();
  episodeCount = 0;
  changeCount = 0;
  nearCount = 0;

  lose({ trial, lost, dropped, rule }: Loss, course: Course): void {
    const places = `${lost.direction} ${course.hops[lost.after]?.id} ${course.hops[lost.before]?.id}`;
    const key = [
      places,
      dropped?.reason,
      dropped?.function,
      rule?.table,
      rule?.chain,
      rule?.text,
      trial.says,
    ];
    const known = this.reasons.get(key.join('\n'));
    if (known) known.count++;
    else if (this.reasons.size < KEPT)
      this.reasons.set(key.join('\n'), { course, lost, dropped, rule, says: trial.says, count: 1 });
    const last = this.episodes.at(-1);
    if (last && last.last.number === trial.number - 1 && isSame(last.lost, lost)) {
      last.last = trial;
      last.count++;
      return;
    }
    const episode: Episode = { lost, first: trial, last: trial, count: 1, beside: null };
    this.episodeCount++;
    keep(this.episodes, episode);
    for (const happened of this.changes) join(happened, episode);
  }

  /** As it is now. */
  copy(): Happenings {
    const copy = new Happenings();
    copy.episodes.push(...this.episodes);
    copy.changes.push(...this.changes);
    for (const [key, counted] of this.reasons) copy.reasons.set(key, { ...counted });
    copy.episodeCount = this.episodeCount;
    copy.changeCount = this.changeCount;
    copy.nearCount = this.nearCount;
    return copy;
  }

  change(change: Change): void {
    const happened: Happened = { change, beside: null };
    this.changeCount++;
    if (change.near) this.nearCount++;
    keep(this.changes, happened);
    for (const episode of this.episodes) join(happened, episode);
  }
}

function keep<T>(all: T[], one: T): void {
  all.push(one);
  if (all.length > KEPT) all.shift();
}

const isSame = (one: Lost, other: Lost): boolean =>
  one.direction === other.direction && one.after === other.after && one.before === other.before;

/** Nanoseconds from the change to the first loss; negative: the loss was before it. */
export const apart = ({ change }: Happened, { first }: Episode): bigint => first.at - change.at;
const abs = (value: bigint): bigint => (value < 0n ? -value : value);

/** Each belongs to the one that is nearest. */
function join(happened: Happened, episode: Episode): void {
  const distance = apart(happened, episode);
  if (distance > LATER || distance < -late(happened.change) || !happened.change.near) return;
  if (!happened.beside || abs(distance) < abs(apart(happened, happened.beside))) happened.beside = episode;
  if (!episode.beside || abs(distance) < abs(apart(episode.beside, episode))) episode.beside = happened;
}

/** Losses that were over with the change: those of before it, of which the last was sent just before. */
export const endedBy = ({ change, beside }: Happened, { episodes }: Happenings): Episode | undefined =>
  change.near
    ? episodes.findLast(
        (one) =>
          one !== beside &&
          one.first.at < change.at - late(change) &&
          one.last.at <= change.at + HEARD &&
          one.last.at >= change.at - LATER,
      )
    : undefined;
