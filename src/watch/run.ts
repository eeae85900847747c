/** A watch from its first probe to its last: what is sent, seen at every hop, and told of it. */
import { setTimeout } from 'node:timers/promises';
import type { Machine } from '../host/machine.ts';
import { wallOffset } from '../host/sys/wall-clock.ts';
import { stillThere } from '../targets/target.ts';
import { plain } from '../words/text.ts';
import { filterFor } from './filter.ts';
import { type Ground, survey } from './ground.ts';
import { type AtHops, listenAt } from './listening.ts';
import { Probing } from './probing.ts';
import type { Course, Ended, WatchEvent, WatchQuestion } from './question.ts';
import { spotsOf } from './spots.ts';
import type { Trial } from './trial.ts';
import { UnderWay } from './under-way.ts';

/** How often what came is looked at, at least. Milliseconds. */
const TICK = 50;
/** A SYN that is not answered is sent again after a second (TCP_TIMEOUT_INIT): what answers that one says nothing of the first. */
const BEFORE_AGAIN = 950;

/** @throws Failure for what is wrong before it begins; what ends it later is told in `because` */
export async function watch(
  machine: Machine,
  asked: WatchQuestion,
  tell: (event: WatchEvent) => void,
  signal: AbortSignal,
): Promise<Ended> {
  const ground = await survey(machine, asked.question, signal);
  const watching = new Watching(machine, asked, tell, ground);
  try {
    await watching.begin();
    const because = await watching.untilEnded(signal);
    return watching.ended(because);
  } finally {
    await watching.stop();
  }
}

class Watching {
  readonly #machine: Machine;
  readonly #asked: WatchQuestion;
  readonly #tell: (event: WatchEvent) => void;
  readonly #probing: Probing;
  readonly #underWay: UnderWay;
  readonly #mark: number;
  readonly #ground: Ground;
  #course!: Course;
  #atHops!: AtHops;
  #sent = 0;

  constructor(machine: Machine, asked: WatchQuestion, tell: (event: WatchEvent) => void, ground: Ground) {
    this.#machine = machine;
    this.#asked = asked;
    this.#tell = tell;
    this.#ground = ground;
    const { proto } = ground.flow;
    const wait = asked.question.wait * 1000;
    this.#underWay = new UnderWay(milliseconds(proto === 'tcp' ? Math.min(wait, BEFORE_AGAIN) : wait));
    this.#mark = machine.random(0x1000, 0x10000);
    this.#probing = new Probing(machine, this.#mark, (outcome) =>
      this.#underWay.hear(outcome, machine.now()),
    );
  }

  /** @throws Failure where it may not listen */
  async begin(): Promise<void> {
    const { target, flow, path } = this.#ground;
    const { hops } = path;
    const watched = hops.map(({ link }) => link.up);
    const blind = new Map(hops.flatMap(({ link }, hop) => (link.up ? [] : [[hop, `${link.name} is down`]])));
    this.#course = { target, flow, hops, watched, blind };
    const filter = filterFor(flow, path, this.#mark);
    const { engine } = this.#asked;
    this.#atHops = await listenAt(this.#machine, spotsOf(hops, target), watched, { filter, engine });
    this.#tell({ type: 'watching', ...this.#course });
  }

  /** Null: it ended as it was meant to. */
  async untilEnded(signal: AbortSignal): Promise<Ended['because']> {
    const { duration, interval } = this.#asked;
    const started = this.#machine.now();
    const since = (): number => Number(this.#machine.now() - started) / 1e6;
    const end = duration === null ? Infinity : duration * 1000;
    // No probe makes up for one that was sent late: they would all be one moment.
    for (let next = 0; !signal.aborted; ) {
      const now = since();
      if (now >= end) break;
      if (now >= next) {
        this.#send();
        next = Math.max(next + interval * 1000, now);
      }
      await this.#look();
      const { target } = this.#ground;
      if (!stillThere(this.#machine, target))
        return { code: 'container-gone', message: `${plain(target.name)} went away.` };
      await pause(Math.min(TICK, next - since(), end - since()), signal);
    }
    await this.#look();
    return null;
  }

  #send(): void {
    const number = this.#sent++;
    const before = this.#machine.now();
    const sent = this.#probing.send(number, this.#ground);
    const at = sent.known ? sent.value : before;
    if (!sent.known)
      this.#underWay.hear(
        { probe: number, result: 'not-sent', microseconds: null, errno: null, says: sent.detail },
        before,
      );
    this.#underWay.add(number, at, at + wallOffset(), this.#course.hops.length);
  }

  /** Takes in what has come, and tells of the probes whose fate it decides. */
  async #look(): Promise<void> {
    this.#probing.look();
    await this.#atHops.told({
      recognise: (packet) => this.#probing.recognise(packet),
      see: (recognised, { spot, at }) => this.#underWay.see(recognised, spot, at),
    });
    for (const trial of this.#underWay.settled(this.#machine.now(), this.#course.watched))
      this.#settle(trial);
  }

  #settle(trial: Trial): void {
    this.#probing.forget(trial.number);
    this.#tell({ type: 'trial', trial });
    if (trial.lost) this.#tell({ type: 'loss', trial, lost: trial.lost, dropped: null, rule: null });
  }

  ended(because: Ended['because']): Ended {
    return {
      underWay: this.#underWay.count,
      missed: this.#atHops.listening.counts().map(({ lost }) => lost),
      because,
    };
  }

  async stop(): Promise<void> {
    this.#probing.close();
    await this.#atHops?.listening.stop();
  }
}

const milliseconds = (count: number): bigint => BigInt(Math.round(count * 1e6));

/** At least to the next turn of the event loop. */
const pause = (time: number, signal: AbortSignal): Promise<void> =>
  setTimeout(Math.max(0, Math.ceil(time)), undefined, { signal }).catch(() => {});
