import type { Machine } from '../host/machine.ts';
import type { Change } from '../model/fix.ts';
import type { FileChange } from './file.ts';

/** The file changes that keep one change across a restart, or null where the owner is not on this host. */
export type Owner = (change: Change, machine: Machine) => readonly FileChange[] | null;
