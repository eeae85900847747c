/** What a fix would do, in the words shown before it is made. */
import type { Change, Fix } from '../model/fix.ts';
import { plain, plainLines } from '../words/text.ts';
import { changeLine } from './change-line.ts';
import { riskOf } from './choose.ts';
import { unifiedDiff } from './diff.ts';

/** Commands in column 0, one a line, so that they can be copied; files as a diff. */
export const changeLines = (changes: readonly Change[]): string[] =>
  changes.flatMap((change) =>
    'file' in change
      ? plainLines(unifiedDiff(change.file, change.before, change.after)).split('\n')
      : [changeLine(change)],
  );

/** `Turn forwarding on (safe, until reboot)`, what else it affects, and the commands. */
export function preview(fix: Fix, extra: readonly Change[] = []): string[] {
  return [
    `${plain(fix.title)} (${riskOf(fix)}, ${extra.length > 0 ? 'for good' : plain(fix.lasts)})`,
    ...(fix.affects ? [`  affects: ${plain(fix.affects)}`] : []),
    ...changeLines([...fix.apply, ...extra]),
  ];
}
