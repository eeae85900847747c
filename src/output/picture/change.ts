import type { Change } from '../../model/fix.ts';
import { commandLine } from '../../model/netns.ts';
import { plainLines, quote, shellLine } from '../../words/text.ts';

/** What to type for a change, as lines for a POSIX shell. */
export function changeLines(change: Change): string[] {
  if ('run' in change) return [shellLine(commandLine(change.run))];
  const file = quote(change.file);
  if (change.after === null) return [`rm ${file}`];
  const text = plainLines(change.after.replace(/\n$/, ''));
  return [`cat > ${file} <<'END'`, ...text.split('\n'), 'END'];
}
