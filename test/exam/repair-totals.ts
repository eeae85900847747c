/** What the repair exam comes to. */
import type { Mended } from '../lab/repair-scenario.ts';
import { isExact, isHarmful } from './repair-table.ts';

const causes = (of: readonly Mended[]): number => new Set(of.map((row) => row.cause)).size;

/** The value below which `share` of the sorted values lie. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

export function repairTotals(rows: readonly Mended[]): string[] {
  const offered = rows.filter(({ risks }) => risks.length > 0);
  const verified = offered.filter(({ healthy }) => healthy);
  const exact = verified.filter(isExact);
  const seconds = verified.flatMap((row) => row.seconds ?? []);
  const [median, p95] = [quantile(seconds, 0.5), quantile(seconds, 0.95)];
  return [
    `${rows.length} faults; ${offered.length} with a fix that may be made (${causes(offered)} causes)`,
    `${verified.length} mended and verified (${causes(verified)} causes)`,
    `${exact.length} of them taken back to the byte, with the same fault again (${causes(exact)} causes)`,
    flowsAsked(rows),
    `from the command to the verified verdict: median ${median.toFixed(1)} s, 95 % within ${p95.toFixed(1)} s`,
  ];
}

function flowsAsked(rows: readonly Mended[]): string {
  const flows = rows.flatMap((row) => row.flows ?? []);
  const asked = flows.reduce((sum, one) => sum + one.asked, 0);
  return `${asked} other flows asked after ${flows.length} repairs and their undo: ${rows.filter(isHarmful).length} repairs lost one`;
}
