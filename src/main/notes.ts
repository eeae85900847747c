import { paintAll } from '../output/line/paint.ts';
import { paragraph } from '../output/line/wrap.ts';
import { plain } from '../words/text.ts';
import type { Screen } from './screen.ts';

/** What could not be looked at, for standard error; empty where there is nothing to say. */
export function notes(silent: readonly string[], { columns }: Pick<Screen, 'columns'>): string {
  if (silent.length === 0) return '';
  return `${paintAll(
    silent.flatMap((one) => paragraph('  unseen  ', `${plain(one)}.`, columns)),
    'bare',
  )}\n`;
}
