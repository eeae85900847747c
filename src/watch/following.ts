/** Follows the way of a flow: what changes in it, and which interfaces it goes by now. */
import type { Machine } from '../host/machine.ts';
import { wallOffset } from '../host/sys/wall-clock.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Target } from '../model/target.ts';
import { stillThere } from '../targets/target.ts';
import { plain } from '../words/text.ts';
import type { Change } from './change/change.ts';
import { Changes } from './change/changes.ts';
import { placesOf } from './change/places.ts';
import { lookAgain, presenceOf } from './change/presence.ts';
import { type Ground, surveyFlow } from './ground.ts';
import type { WatchQuestion } from './question.ts';
import { isSameWay, openWay, type Way } from './way.ts';

/** What may lead packets elsewhere. */
const LEADS: ReadonlySet<Change['kind']> = new Set(['container', 'link', 'address', 'route', 'rule']);

/** Between two questions for a target that is gone, or for its way: runtimes are programs. Nanoseconds. */
const APART = 200_000_000n;

export class Following {
  way!: Way;
  readonly #machine: Machine;
  readonly #asked: WatchQuestion;
  readonly #mark: number;
  readonly #tell: (change: Change) => void;
  readonly #changes: Changes;
  #target!: Target;
  /** Is the target gone, as a container is while it is started again? */
  #gone = false;
  /** Is only the target's own end of the way listened to? */
  #lightly = false;
  /** Ways that are listened to. */
  #ways: Way[] = [];
  /** Something has changed since the way was asked for. */
  #stale = false;
  #looking: Promise<void> | null = null;
  /** When somebody began to look last. Nanoseconds of CLOCK_MONOTONIC. */
  #looked = 0n;

  constructor(machine: Machine, asked: WatchQuestion, mark: number, tell: (change: Change) => void) {
    this.#machine = machine;
    this.#asked = asked;
    this.#mark = mark;
    this.#tell = tell;
    this.#changes = new Changes(machine, (change) => {
      if (LEADS.has(change.kind) && (change.near || change.kind === 'route')) this.#stale = true;
      tell(change);
    });
  }

  get unknown(): readonly Unknown[] {
    return this.#changes.unknown;
  }

  /** @throws Failure where it may not listen */
  async begin(ground: Ground): Promise<Way> {
    this.#target = ground.target;
    await this.#changes.onto(placesOf(ground));
    this.way = await this.#open(ground);
    return this.way;
  }

  async #open(ground: Ground): Promise<Way> {
    const way = await openWay(this.#machine, ground, { mark: this.#mark, lightly: this.#lightly });
    this.#ways = [...this.#ways.filter(({ atHops }) => !atHops.isClosed()), way];
    return way;
  }

  /** From now on only at the target's own interfaces, or at all of them: probes that follow are sent on that way. */
  listen(lightly: boolean): void {
    if (this.#looking || this.#gone || this.#lightly === lightly) return;
    this.#lightly = lightly;
    this.#looking = this.#listenAnew().finally(() => {
      this.#looking = null;
    });
  }

  async #listenAnew(): Promise<void> {
    try {
      this.way = await this.#open(this.way.ground);
    } catch {
      // It goes on as before, and is tried again.
      this.#lightly = !this.#lightly;
    }
  }

  /** Begins to look whether something has become another; who looks already is not disturbed. Cheap as long as nothing has. */
  look(): void {
    this.#changes.poll();
    const now = this.#machine.now();
    const isAsItWas = !this.#stale && !this.#gone && stillThere(this.#machine, this.#target);
    if (isAsItWas || now - this.#looked < APART) return;
    this.#looked = now;
    this.#looking ??= this.#lookAgain().finally(() => {
      this.#looking = null;
    });
  }

  async #lookAgain(): Promise<void> {
    const { question } = this.#asked;
    const target = await lookAgain(this.#machine, this.#target, question.target);
    if (target !== this.#target || this.#gone) this.#present(target);
    if (target === null || !this.#stale) return;
    this.#stale = false;
    const { flow, path } = this.way.ground;
    try {
      const ground = await surveyFlow(this.#machine, question, flow);
      // A way that ends nowhere says less than the one before it, whose hops may be there again.
      if (
        ground.path.hops.length === 0 ||
        ground.path.gaps.length > 0 ||
        (isSameWay(path, ground.path) && !this.way.atHops.isClosed())
      )
        return;
      const way = await this.#open(ground);
      const isElsewhere = ground.netns?.inode !== this.way.ground.netns?.inode;
      this.way = way;
      await this.#changes.onto(placesOf(ground));
      if (isElsewhere) this.#target = ground.target;
    } catch {
      // It could not be asked in the middle of a change; the next one that is told asks again.
      this.#stale = true;
    }
  }

  #present(target: Target | null): void {
    const before = this.#gone ? null : presenceOf(this.#target);
    this.#gone = target === null;
    if (target === null && before === null) return;
    const after = target && presenceOf(target);
    if (target) {
      this.#target = target;
      this.#stale = true;
    } else this.#letGo();
    const at = this.#machine.now() + wallOffset();
    const what = plain((target ?? this.#target).name);
    this.#tell({ kind: 'container', where: 'container', at, exact: false, what, before, after, near: true });
  }

  /** Of a namespace that is gone nothing is held, or it would live on, and its cable with it. */
  #letGo(): void {
    void this.way.atHops.close();
    void this.#changes.onto(placesOf(this.way.ground).filter(({ netns }) => netns === null));
  }

  /** Resolves when what has been told by the kernel until now has been read. */
  async settled(): Promise<void> {
    await this.#looking;
    await this.#changes.settled();
  }

  async stop(): Promise<void> {
    await this.#looking;
    await this.#changes.stop();
    await Promise.all(this.#ways.map(({ atHops }) => atHops.close()));
  }
}
