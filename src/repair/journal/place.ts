/** Where the journal lives, and of which boot and host namespace an entry is. */
import type { Machine } from '../../host/machine.ts';
import { cannotLook } from '../../model/failure.ts';
import { plain, shellLine } from '../../words/text.ts';
import type { Entry } from './entry.ts';

/**
 * The folder of `stateFolder`, which must be root's or this user's alone, with every folder above it: undo runs what
 * is written there. @throws Failure (exit 3) where others could write it
 */
export function stateDirectory(machine: Pick<Machine, 'uid' | 'env' | 'ownedAlone'>): string {
  const folder = stateFolder(machine);
  const alone = machine.ownedAlone(`${folder}/journal`);
  if (alone.known) return folder;
  throw cannotLook(
    'journal-not-own',
    `the journal in ${plain(folder)} is not believed, since others can write there: ${plain(alone.detail)}`,
    machine.env.NETDOCTOR_STATE ? 'unset NETDOCTOR_STATE' : shellLine(['namei', '-l', folder]),
  );
}

/**
 * `/var/lib/netdoctor` for root, else `$XDG_STATE_HOME/netdoctor` (by default ~/.local/state); `NETDOCTOR_STATE`
 * names another place.
 */
function stateFolder({ uid, env }: Pick<Machine, 'uid' | 'env'>): string {
  if (env.NETDOCTOR_STATE) return env.NETDOCTOR_STATE;
  if (uid === 0) return '/var/lib/netdoctor';
  return `${env.XDG_STATE_HOME || `${env.HOME ?? ''}/.local/state`}/netdoctor`;
}

/** Is there an entry that waits to be taken back, by its text alone? Most hosts have none, and read no schema for it. */
export function mayWait(machine: Machine): boolean {
  const folder = `${stateFolder(machine)}/journal`;
  const names = machine.list(folder);
  return (names.known ? names.value : []).some((name) => {
    const text = machine.readForeign(`${folder}/${name}`, { most: 4 * 1024 * 1024 });
    return (
      text.known && text.value.includes('"kept": false') && !/^ "status": "(undone|failed)"/m.test(text.value)
    );
  });
}

export interface Identity {
  readonly boot: string;
  readonly hostNamespace: number;
}

export function identity(machine: Machine): Identity {
  const boot = machine.read('/proc/sys/kernel/random/boot_id');
  if (!boot.known)
    throw cannotLook(
      'no-boot-id',
      'the kernel does not say which boot this is',
      'mount /proc, and try again',
    );
  return { boot: boot.value.trim(), hostNamespace: machine.self.inode };
}

/** Why an entry is none of this host's present; null where it is. */
export function stranger(entry: Entry, here: Identity): string | null {
  if (entry.hostNamespace !== here.hostNamespace && entry.boot === here.boot)
    return `it was made in another host namespace (${entry.hostNamespace})`;
  return null;
}
