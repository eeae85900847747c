/** Where the journal lives, and of which boot and host namespace an entry is. */
import type { Machine } from '../../host/machine.ts';
import { cannotLook } from '../../model/failure.ts';
import type { Entry } from './entry.ts';

/**
 * `/var/lib/netdoctor` for root, else `$XDG_STATE_HOME/netdoctor` (by default ~/.local/state); `NETDOCTOR_STATE`
 * names another place.
 */
export function stateDirectory({ uid, env }: Pick<Machine, 'uid' | 'env'>): string {
  if (env.NETDOCTOR_STATE) return env.NETDOCTOR_STATE;
  if (uid === 0) return '/var/lib/netdoctor';
  return `${env.XDG_STATE_HOME || `${env.HOME ?? ''}/.local/state`}/netdoctor`;
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
