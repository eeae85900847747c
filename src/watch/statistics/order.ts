/** In which order packets were lost and came through, as far as the runs test asks. */
import { runsTest, type Sequence, type Verdict } from './runs-test.ts';

export class Order implements Sequence {
  lost = 0;
  passed = 0;
  runs = 0;
  /** The most that were lost one behind the other. */
  longest = 0;
  #running = 0;

  add(lost: boolean): void {
    if (!lost) {
      this.passed++;
      this.#running = 0;
      return;
    }
    this.lost++;
    if (this.#running++ === 0) this.runs++;
    this.longest = Math.max(this.longest, this.#running);
  }

  verdict(): Verdict {
    return runsTest(this);
  }
}
