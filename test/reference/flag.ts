/** An option as the pages write it. */
import type { Flag } from '../../src/main/vocabulary.ts';

export function flagWords({ does, choices, byDefault }: Flag): string {
  const notes = [
    ...(choices.length > 0 ? [choices.join(', ')] : []),
    ...(byDefault === null ? [] : [`default: ${byDefault}`]),
  ];
  return notes.length > 0 ? `${does} (${notes.join('; ')})` : does;
}

export function flagText({ short, long, value, optional }: Flag): string {
  const names = short ? `${short}, ${long}` : long;
  return value === null ? names : optional ? `${names}[=${value}]` : `${names} ${value}`;
}
