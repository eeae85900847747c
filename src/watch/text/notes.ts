/** What is said at the end of a watch beside its counts. */
import { count, list, plain } from '../../words/text.ts';
import type { Ended } from '../question.ts';

export function endNotes({ underWay, missed, unknown, saved }: Ended): string[] {
  const unread = missed.reduce((sum, one) => sum + one, 0);
  return [
    ...(underWay > 0 ? [`${count(underWay, 'probe')} still under way, which counted as nothing`] : []),
    ...(unread > 0
      ? [`${count(unread, 'frame')} came too fast to be read: what was not seen may have been there`]
      : []),
    ...(saved
      ? [
          `${count(saved.packets, 'frame')} around what was lost saved in ${list(saved.files.map((file) => plain(file)))}`,
        ]
      : []),
    ...(saved?.refused ? [`not all of it could be written: ${plain(saved.refused)}`] : []),
    ...unknown.map(({ what, because }) => `not known: ${what} (${because})`),
  ];
}
