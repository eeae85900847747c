/** What is said at the end of a watch beside its counts. */
import { count } from '../../words/text.ts';
import type { Ended } from '../question.ts';
import { savedNotes } from './saved.ts';

export function endNotes({ underWay, missed, unknown, saved }: Ended): string[] {
  const unread = missed.reduce((sum, one) => sum + one, 0);
  return [
    ...(underWay > 0 ? [`${count(underWay, 'probe')} still under way, which counted as nothing`] : []),
    ...(unread > 0
      ? [`${count(unread, 'frame')} came too fast to be read: what was not seen may have been there`]
      : []),
    ...savedNotes(saved, 'what was lost'),
    ...unknown.map(({ what, because }) => `not known: ${what} (${because})`),
  ];
}
