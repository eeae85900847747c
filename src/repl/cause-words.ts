/** The causes' own words, for `causes`, `explain` and completion. */
import type { Cause } from '../model/cause.ts';

const files = import.meta.glob<{ default: Cause | readonly Cause[] }>('../causes/*.ts', { eager: true });

export const causeWords = Object.values(files)
  .flatMap((file) => file.default ?? [])
  .map(({ id, title, explain }) => ({ id, title, explain }))
  .sort((a, b) => a.id.localeCompare(b.id));
