/** The fix that has connection tracking forget one flow: its next packet meets the rules anew. conntrack(8) */
import { makesEntry, namesEntry } from '../kernel/tracked.ts';
import type { Tracked } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';

export const forgetEntry = (entry: Tracked): Fix => ({
  title: 'Forget the old entry, so that the next packet meets the rules anew',
  risk: 'safe',
  lasts: 'for good',
  affects: 'this one flow',
  leads: true,
  apply: [run(['conntrack', '-D', ...namesEntry(entry)])],
  // The flow may have made a new entry by then.
  undo: [run(['conntrack', '-D', ...namesEntry(entry)]), run(['conntrack', '-I', ...makesEntry(entry)])],
});
