/** A watch from its first probe to its last: what is sent, seen at every hop, and told of it. */
import { setTimeout } from 'node:timers/promises';
import { ETHERNET, type LastSeen } from '../capture/drops.ts';
import type { Machine } from '../host/machine.ts';
import { wallOffset } from '../host/sys/wall-clock.ts';
import type { Change } from './change/change.ts';
import { placesOf } from './change/places.ts';
import { Following } from './following.ts';
import { survey } from './ground.ts';
import { Lightly } from './lightly.ts';
import { Probing } from './probing.ts';
import type { Ended, WatchEvent, WatchQuestion } from './question.ts';
import { Reasons } from './reasons.ts';
import { Incidents } from './save/incidents.ts';
import type { Lost, Trial } from './trial.ts';
import { type Settled, UnderWay } from './under-way.ts';
import type { Way } from './way.ts';

/** How often what came is looked at, at least. Milliseconds. */
const TICK = 50;
/** How often it is asked at least whether something is to be compared of which nobody tells. Milliseconds. */
const COMPARE = 50;
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
  const { into, question } = asked;
  const patience = nanoseconds(question.wait * 1000);
  const incidents = into && (await Incidents.begin(machine, question.target, { into, patience }, signal));
  const watching = new Watching(machine, asked, tell, incidents);
  try {
    await watching.begin(ground);
    await watching.untilEnded(signal);
    return await watching.ended();
  } finally {
    await watching.stop();
  }
}

class Watching {
  readonly #machine: Machine;
  readonly #asked: WatchQuestion;
  readonly #tell: (event: WatchEvent) => void;
  /** What is kept in a file; null: nothing is. */
  readonly #incidents: Incidents | null;
  /** Two bytes by which every probe is known. */
  readonly #mark: number;
  readonly #reasons: Reasons;
  /** Null: every hop is listened to, however much passes. */
  readonly #lightly: Lightly | null;
  readonly #following: Following;
  #probing!: Probing;
  #underWay!: UnderWay;
  /** The way that was told last: that of the probe that was settled last. */
  #told: Way | null = null;
  #sent = 0;
  /** What is told, in turn: losses wait until their reasons are known, which keeps no probe from being sent. */
  #telling: Promise<void> = Promise.resolve();

  constructor(
    machine: Machine,
    asked: WatchQuestion,
    tell: (event: WatchEvent) => void,
    incidents: Incidents | null,
  ) {
    this.#machine = machine;
    this.#incidents = incidents;
    this.#asked = asked;
    this.#tell = tell;
    this.#mark = machine.random(0x1000, 0x10000);
    this.#reasons = new Reasons(machine);
    // What a file is to keep must be seen at every hop.
    this.#lightly = asked.armed || incidents ? null : new Lightly(machine);
    this.#following = new Following(machine, asked, this.#mark, (change) => this.#changed(change));
  }

  /** @throws Failure where it may not listen */
  async begin(ground: Parameters<Following['begin']>[0]): Promise<void> {
    const { flow } = ground;
    this.#probing = new Probing(this.#machine, this.#mark, flow, (outcome) =>
      this.#underWay.hear(outcome, this.#machine.now()),
    );
    const way = await this.#following.begin(ground);
    const wait = this.#asked.question.wait * 1000;
    const patience = flow.proto === 'tcp' ? Math.min(wait, BEFORE_AGAIN) : wait;
    this.#underWay = new UnderWay(nanoseconds(patience), way.atHops.listening.lag + nanoseconds(TICK));
    if (this.#asked.armed && this.#asked.question.trace) await this.#arm(way);
    this.#show(way);
  }

  /** Ends with the signal, or with its time. */
  async untilEnded(signal: AbortSignal): Promise<void> {
    const { duration, interval } = this.#asked;
    const started = this.#machine.now();
    const since = (): number => Number(this.#machine.now() - started) / 1e6;
    const end = duration === null ? Infinity : duration * 1000;
    let compared = 0;
    // No probe makes up for one that was sent late: they would all be one moment.
    for (let next = 0; !signal.aborted && since() < end; ) {
      const now = since();
      if (now >= next) {
        this.#send(this.#following.way);
        next = Math.max(next + interval * 1000, now);
      }
      if (now - compared >= COMPARE) {
        compared = now;
        this.#following.look();
        if (this.#lightly) this.#following.listen(this.#lightly.look());
      }
      await this.#look();
      await this.#incidents?.look(signal);
      await pause(Math.min(TICK, next - since(), end - since()), signal);
    }
    await this.#look();
  }

  #send(way: Way): void {
    const number = this.#sent++;
    const before = this.#machine.now();
    const sent = this.#probing.send(number, way.ground);
    const at = sent.known ? sent.value : before;
    if (!sent.known)
      this.#underWay.hear(
        { probe: number, result: 'not-sent', microseconds: null, errno: null, says: sent.detail },
        before,
      );
    this.#underWay.add(number, { sent: at, at: at + wallOffset() }, way);
  }

  /** Takes in what has come, and tells of the probes whose fate it decides. */
  async #look(): Promise<void> {
    // Before anything is read: what has come by then is known afterwards, however long a busy machine takes to read it.
    const now = this.#machine.now();
    this.#probing.look();
    for (const way of new Set([this.#told ?? this.#following.way, this.#following.way]))
      await way.atHops.told({
        recognise: (packet) => this.#probing.recognise(packet),
        see: (recognised, { spot, at }) => this.#underWay.see(recognised, way, spot, at),
      });
    // Where it listens lightly nothing is armed before something is lost.
    if (!this.#lightly?.now && this.#underWay.isSuspicious(now)) this.#armLate(this.#following.way);
    for (const settled of this.#underWay.settled(now)) this.#settle(settled);
  }

  #settle({ trial, way }: Settled): void {
    const { lost, number } = trial;
    const run = this.#probing.runOf(number);
    this.#probing.forget(number);
    if (lost === null) {
      this.#later(() => this.#tellOf(trial, way));
      return;
    }
    this.#lightly?.lose();
    this.#following.listen(false);
    this.#armLate(way);
    const seen = this.#lastSeen(trial, lost, way);
    this.#later(async () => {
      const reason = await this.#reasons.of(seen, run, number - (run?.first ?? 0));
      this.#tellOf(trial, way);
      const loss = { trial, lost, ...reason };
      this.#incidents?.lose(loss, way.course, placesOf(way.ground));
      this.#tell({ type: 'loss', ...loss });
    });
  }

  #later(work: () => unknown): void {
    this.#telling = this.#telling.then(async () => void (await work()));
  }

  #tellOf(trial: Trial, way: Way): void {
    if (way !== this.#told) this.#show(way);
    this.#tell({ type: 'trial', trial });
  }

  #armLate(way: Way): void {
    if (this.#asked.question.trace && !this.#reasons.armed) void this.#arm(way);
  }

  #arm(way: Way): Promise<void> {
    return this.#reasons.arm(way.ground, this.#probing.length, this.#mark);
  }

  #lastSeen({ request, reply }: Trial, { direction, after }: Lost, { course, atHops }: Way): LastSeen | null {
    const at = (direction === 'reply' ? reply : request)[after] ?? null;
    const device = course.hops[after]?.name;
    if (at === null || device === undefined) return null;
    const length = this.#probing.length + (atHops.ethernet ? ETHERNET : 0);
    return { device, at: Number((at - wallOffset()) / 1000n), length };
  }

  /** The probes that follow were sent on this way. */
  #show(way: Way): void {
    const before = this.#told;
    this.#told = way;
    if (before) {
      void before.atHops.close();
      // What was armed was armed for the namespaces of the way before; and costs more than who listens.
      const isElsewhere = before.ground !== way.ground;
      const isRest = this.#lightly?.now === true;
      if (this.#reasons.armed && (isElsewhere || isRest))
        void this.#reasons.stop().then(() => (isRest ? undefined : this.#arm(way)));
    }
    this.#tell({ type: 'watching', ...way.course });
  }

  #changed(change: Change): void {
    // What is under way in a namespace that is gone keeps it alive.
    if (change.kind === 'container') this.#probing.close();
    this.#tell({ type: 'change', change });
  }

  async ended(): Promise<Ended> {
    await this.#following.settled();
    await this.#telling;
    await this.#incidents?.end();
    return {
      saved: this.#incidents?.saved ?? null,
      underWay: this.#underWay.count,
      missed: this.#following.way.atHops.missed(),
      unknown: [...this.#following.unknown, ...this.#reasons.unknown],
    };
  }

  async stop(): Promise<void> {
    this.#probing?.close();
    await this.#following.stop();
    await this.#told?.atHops.close();
    await this.#telling;
    await this.#incidents?.stop();
    await this.#reasons.stop();
  }
}

const nanoseconds = (milliseconds: number): bigint => BigInt(Math.round(milliseconds * 1e6));

/** At least to the next turn of the event loop. */
const pause = (time: number, signal: AbortSignal): Promise<void> =>
  setTimeout(Math.max(0, Math.ceil(time)), undefined, { signal }).catch(() => {});
