/** "Did you mean": the nearest of the words that would have been right. */

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, beforeLast[j - 2]! + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** Whoever types more than this means something else. */
const LONGEST = 40;

/**
 * The word that was probably meant: the only one that begins so, else the fewest letters to change, a third of them at
 * most. Null: none is near.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  const typed = word.toLowerCase();
  if (typed.length < 2 || typed.length > LONGEST) return null;
  const begun = known.filter((one) => one.toLowerCase().startsWith(typed));
  if (begun.length === 1) return begun[0]!;
  const limit = Math.max(1, Math.floor(typed.length / 3));
  const [best] = known
    .map((one) => ({ one, far: distance(typed, one.toLowerCase()) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far);
  return best?.one ?? null;
}
