/** What is armed, and may be taken back and armed anew within one run. */
import type { Armed } from './arm.ts';

export class Standing {
  readonly #arm: () => Promise<Armed>;
  #armed: Armed;
  #gone: Promise<unknown> | undefined;

  private constructor(arm: () => Promise<Armed>, armed: Armed) {
    this.#arm = arm;
    this.#armed = armed;
  }

  static async up(arm: () => Promise<Armed>): Promise<Standing> {
    return new Standing(arm, await arm());
  }

  get armed(): Armed {
    return this.#armed;
  }

  /** Asked again, the same. */
  down(): Promise<unknown> {
    this.#gone ??= this.#armed.dismantle();
    return this.#gone;
  }

  async anew(): Promise<void> {
    this.#armed = await this.#arm();
    this.#gone = undefined;
  }
}
