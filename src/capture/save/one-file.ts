import type { Machine } from '../../host/machine.ts';
import type { Into } from './saving.ts';

/** All into one file, however long it becomes; null: into none. */
export const oneFile = (file: string | null, { env }: Pick<Machine, 'env'>): Into | null =>
  file === null ? null : { file, most: null, size: null, seconds: null, env };
