/** What watches of a conversation have in common: their file, and rows of what they tell. */
import type { Into } from '../capture/save/saving.ts';
import type { Machine } from '../host/machine.ts';
import { type Line, row } from '../output/line/span.ts';

export const intoOf = (file: string | null, { env }: Pick<Machine, 'env'>): Into | null =>
  file === null ? null : { file, most: null, size: null, seconds: null, env };

export const rowsOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((one) => row(one));
