/** What becomes of many measurements: on a shared machine only medians and ratios of one run mean something. */

/** The middle of some numbers; of an even count, between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that `share` of the numbers do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

/** The median of the ratios of each pair, which were measured one after the other. */
export function pairedRatio(values: readonly number[], beside: readonly number[]): number {
  return median(values.map((value, index) => value / beside[index]!));
}

export const milliseconds = (value: number): string => `${Math.round(value)} ms`;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
export const ratio = (value: number): string => value.toFixed(2);
