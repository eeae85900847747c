/** The smallest set of removals and insertions that turns one ordered listing into another. */
export type Edit =
  /** `at` counts from 0 in the listing as it is at that moment. */
  { readonly remove: string; readonly at: number } | { readonly insert: string; readonly at: number };

/** Lengths of the longest common subsequences of all tails. */
function tails(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i]![j] =
        a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  return table;
}

/** Edits in the order in which they are to be made, each at its place at that moment. */
export function edits(now: readonly string[], wanted: readonly string[]): Edit[] {
  const head = now.findIndex((row, index) => row !== wanted[index]);
  const start = head < 0 ? now.length : head;
  let end = 0;
  while (
    end < Math.min(now.length, wanted.length) - start &&
    now[now.length - 1 - end] === wanted[wanted.length - 1 - end]
  )
    end++;
  const a = now.slice(start, now.length - end);
  const b = wanted.slice(start, wanted.length - end);
  const table = tails(a, b);
  const made: Edit[] = [];
  let [i, j, at] = [0, 0, start];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
      at++;
    } else if (i < a.length && (j >= b.length || table[i + 1]![j]! >= table[i]![j + 1]!))
      made.push({ remove: a[i++]!, at });
    else made.push({ insert: b[j++]!, at: at++ });
  }
  return made;
}
