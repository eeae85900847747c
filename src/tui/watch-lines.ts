/** What a watch of a conversation tells, as rows. */
import { type Line, row } from '../output/line/span.ts';

export const rowsOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((one) => row(one));
