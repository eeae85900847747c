/** What one capture hands on of what it is given: strangers decide how much comes, and must not decide how much is kept. */

/** Identical frames: a neighbour's question repeats itself, a probe's packet does not. */
const SAME = 16;
/** Different frames that are remembered, and the bytes by which they are told apart: both headers, and the token behind. */
const DIFFERENT = 4096;
const ENOUGH = 128;
/** Frames of one hop, after which its capture ends: far more than any run causes itself. */
export const MOST = 20_000;

export class Flood {
  readonly #seen = new Map<string, number>();
  #frames = 0;

  /** `repeated`: it has been handed on often enough; `ended`: this capture has had its share. */
  judge(frame: Buffer): 'new' | 'repeated' | 'ended' {
    if (++this.#frames > MOST) return 'ended';
    const key = frame.toString('latin1', 0, Math.min(frame.length, ENOUGH));
    const times = this.#seen.get(key) ?? 0;
    if (times >= SAME) return 'repeated';
    if (times > 0 || this.#seen.size < DIFFERENT) this.#seen.set(key, times + 1);
    return 'new';
  }
}
