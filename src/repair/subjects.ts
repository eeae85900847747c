/** Which part of the machine a change touches: one file in observe/ for each kind of command. */
import type { Change } from '../model/fix.ts';
import { fileSubject } from './file.ts';
import type { Observe, Subject } from './subject.ts';

const FILES = import.meta.glob<{ default: Observe }>('./observe/*.ts', { eager: true });
const OBSERVERS: readonly Observe[] = Object.values(FILES).map((file) => file.default);

/** What a change touches; null where nobody knows how to look at it. */
export function subjectOf(change: Change): Subject | null {
  if ('file' in change) return fileSubject(change);
  for (const observe of OBSERVERS) {
    const subject = observe(change.run.argv);
    if (subject) return subject;
  }
  return null;
}
