/** Two pictures beside each other. */
import { type Line, span } from '../line/span.ts';
import { lineWidth } from '../line/width.ts';

/** `left` takes so many columns, its rows cut already; `right` stands behind a gap. */
export function beside(left: readonly Line[], right: readonly Line[], columns: number): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const first = left[index] ?? [];
    const second = right[index] ?? [];
    if (second.length === 0) return first;
    return [...first, span(' '.repeat(Math.max(0, columns - lineWidth(first)) + 3)), ...second];
  });
}
