/** Making a fix last: where its owner keeps such things, merged into what is there, never over it. */

import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import type { Change, Fix } from '../model/fix.ts';
import { shellLine } from '../words/text.ts';
import { type FileChange, realFile } from './file.ts';
import type { Merge } from './merge.ts';
import type { Owner } from './owner.ts';

const MERGES = Object.values(import.meta.glob<{ default: Merge }>('./merge/*.ts', { eager: true })).map(
  (one) => one.default,
);
const OWNERS = Object.values(import.meta.glob<{ default: Owner }>('./owner/*.ts', { eager: true })).map(
  (one) => one.default,
);

/** What the fix says about lasting; else what the owners on this host say about each of its changes. */
function wishes(machine: Machine, fix: Fix, note: (says: string) => void): FileChange[] {
  if (fix.persist) return fix.persist.flatMap((change) => ('file' in change ? [change] : []));
  return fix.apply.flatMap((change) => {
    for (const owner of OWNERS) {
      const found = owner(change, machine);
      if (found) return [...found];
    }
    note(
      `nothing on this host keeps ${'run' in change ? change.run.argv.join(' ') : change.file} across a restart`,
    );
    return [];
  });
}

/** The changes that `--persist` adds, each with the file's present text as its `before`. */
export async function persisting(
  machine: Machine,
  fix: Fix,
  note: (says: string) => void,
): Promise<Change[]> {
  const made = new Map<string, FileChange>();
  for (const wish of wishes(machine, fix, note)) {
    const earlier = made.get(wish.file);
    const change = await settled(machine, wish, earlier);
    if (change) made.set(wish.file, change);
  }
  const commands = (fix.persist ?? []).filter((change) => 'run' in change);
  return [...made.values(), ...commands];
}

/** The wish in view of what the file holds; null where it is there already. */
async function settled(machine: Machine, wish: FileChange, earlier?: FileChange): Promise<FileChange | null> {
  const text = machine.read(realFile(machine, wish.file));
  if (!text.known && text.because !== 'vanished')
    throw cannotLook(
      'file-unreadable',
      `${wish.file} cannot be read: ${text.detail}`,
      shellLine(['ls', '-l', wish.file]),
    );
  const before = text.known ? text.value : null;
  const present = earlier?.after ?? before;
  const rule = MERGES.find((one) => one.matches(wish.file));
  const after = await merged(rule, present, wish);
  if (after === present) return null;
  const problem = after === null ? null : ((await rule?.validate?.(machine, after)) ?? null);
  if (problem)
    throw cannotLook(
      'file-invalid',
      `${wish.file} would not be valid: ${problem}`,
      'run it without --persist',
    );
  return { ...wish, before, after };
}

async function merged(
  rule: Merge | undefined,
  present: string | null,
  wish: FileChange,
): Promise<string | null> {
  if (present === null || present === '' || wish.after === null) return wish.after;
  if (!rule) {
    if (present === wish.after) return present;
    throw cannotLook(
      'file-exists',
      `${wish.file} is there already and says something else`,
      `cat ${wish.file}`,
    );
  }
  try {
    return await rule.merge(present, wish.after);
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    throw cannotLook(
      'file-unmergeable',
      `${wish.file} cannot be changed safely: ${says}`,
      `cat ${wish.file}`,
    );
  }
}
