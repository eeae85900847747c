import path from 'node:path';
import type { Machine } from '../host/machine.ts';

/** Where lines typed before are kept: the state directory of the contract. */
export function historyFile({ uid, env }: Pick<Machine, 'uid' | 'env'>): string {
  if (uid === 0) return '/var/lib/netdoctor/history';
  const state = env.XDG_STATE_HOME || path.join(env.HOME ?? '/', '.local', 'state');
  return path.join(state, 'netdoctor', 'history');
}
