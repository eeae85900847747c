/**
 * Why a probe was lost: where the kernel says that it threw it away, and the rule that ended it. Packets of others pay for both,
 * so that they are armed when something is lost, and not before (unless told to).
 */
import { type Dropped, Drops, ETHERNET, type LastSeen } from '../capture/drops.ts';
import { ruleLookUp } from '../discover/rules/look-up.ts';
import type { Machine } from '../host/machine.ts';
import type { Rule, Unknown } from '../model/evidence.ts';
import type { ProbeRun } from '../probe/kind.ts';
import { ETHERTYPE } from '../wire/headers.ts';
import { type Instance, openInstance } from '../witness/journey/instance.ts';
import { parseLine } from '../witness/journey/line.ts';
import type { Ground } from './ground.ts';
import { RuleEnds } from './rule-ends.ts';

export interface Reason {
  readonly dropped: Dropped | null;
  readonly rule: Rule | null;
}

export class Reasons {
  readonly unknown: Unknown[] = [];
  readonly #machine: Machine;
  #drops = new Drops();
  #rules: RuleEnds | null = null;
  #instance: Instance | null = null;
  #arming: Promise<void> | null = null;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  get armed(): boolean {
    return this.#arming !== null;
  }

  /** Resolves when both stand, or it is known why not. `length`: of IP; `mark`: by which every probe of the watch is known. */
  arm(ground: Ground, length: number, mark: number): Promise<void> {
    this.#arming ??= Promise.all([this.#armDrops(ground, length), this.#armRules(ground, mark)]).then(
      () => {},
    );
    return this.#arming;
  }

  async #armDrops({ flow }: Ground, length: number): Promise<void> {
    const opened = await openInstance(this.#machine);
    if (!opened.known) return this.#note('where the kernel threw a packet away', opened.detail);
    this.#instance = opened.value;
    const protocol = flow.family === 4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6;
    const plan = { lengths: `len==${length}||len==${length + ETHERNET}`, drops: `protocol==${protocol}` };
    const listening = opened.value.listen(plan, (line) => {
      const event = parseLine(line);
      if (event) this.#drops.take(event);
    });
    if (!listening.known) this.#note('where the kernel threw a packet away', listening.detail);
  }

  async #armRules(ground: Ground, mark: number): Promise<void> {
    this.#rules = await RuleEnds.arm(this.#machine, ground, mark, ruleLookUp(this.#machine));
    for (const because of this.#rules.refusals) this.#note('which rule ended a packet', because);
  }

  #note(what: string, because: string): void {
    if (!this.unknown.some((one) => one.what === what)) this.unknown.push({ what, because });
  }

  /** What is known by now. `run`: of the probe, which is `probe` in it. */
  async of(seen: LastSeen | null, run: ProbeRun | undefined, probe: number): Promise<Reason> {
    if (!this.armed) return { dropped: null, rule: null };
    await this.#arming;
    return {
      dropped: (seen && this.#drops.after(seen)) ?? null,
      rule: (run && (await this.#rules?.of(run, probe))) ?? null,
    };
  }

  /** The way has become another: what was armed for the one before is taken back. */
  async stop(): Promise<void> {
    await this.#arming;
    this.#arming = null;
    const [instance, rules] = [this.#instance, this.#rules];
    this.#instance = null;
    this.#rules = null;
    this.#drops = new Drops();
    await Promise.all([instance?.stop(), rules?.stop()]);
  }
}
