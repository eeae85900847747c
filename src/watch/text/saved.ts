/** What was written into files, in words. */
import { count, list, plain } from '../../words/text.ts';
import type { Saved } from '../save/saved.ts';

/** `what`: around which the frames were, as `what was lost`. */
export const savedNotes = (saved: Saved | null, what: string): string[] =>
  saved === null
    ? []
    : [
        `${count(saved.packets, 'frame')} around ${what} saved in ${list(saved.files.map((file) => plain(file)))}`,
        ...(saved.refused === null ? [] : [`not all of it could be written: ${plain(saved.refused)}`]),
      ];
