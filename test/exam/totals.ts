import type { Row } from '../lab/scenario.ts';
import { falseAlarms, gradesInWords } from './grade.ts';

/** The lines under the table. Times are those of whole runs, start-up included. */
export function totals(rows: readonly Row[]): string[] {
  const healthyAsked = rows.flatMap((row) => [
    row.control,
    row.scenario.expect === 'healthy' ? row.answer : null,
    row.repaired,
  ]);
  const asked = healthyAsked.filter((answer) => answer !== null);
  const notHealthy = asked.filter((answer) => answer.status !== 'healthy').length;
  const steps = rows.filter((row) => row.failedSteps.length > 0).length;
  return [
    `${rows.length} scenarios: ${gradesInWords(rows)}`,
    `${asked.length} healthy networks asked about (controls, decoys, repaired): ${falseAlarms(rows)} false alarms, ${notHealthy} not called healthy`,
    `seconds under a fault: ${spread(rows.filter(isFault).map((row) => row.answer.seconds))}`,
    `seconds when healthy: ${spread(asked.map((answer) => answer.seconds))}`,
    ...(steps > 0 ? [`${steps} scenarios with a step that failed`] : []),
  ];
}

function isFault(row: Row): boolean {
  return row.scenario.expect !== 'healthy';
}

function spread(seconds: readonly number[]): string {
  const sorted = [...seconds].sort((one, other) => one - other);
  const at = (part: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(2);
  return `median ${at(0.5)}, 95th percentile ${at(0.95)}`;
}
