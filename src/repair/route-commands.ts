/** A listed route as the command that adds or removes it. */
import type { Argv } from './subject.ts';

/** ip(8) lists what it also takes, but for the commas of metrics. */
const words = (row: string): string[] =>
  row.split(' ').filter((word) => word !== '' && word !== '[detached]');

/** `append`, since `add` refuses a second route to the same destination that is rightly there. */
export const addRoute = (row: string, family: '-4' | '-6'): Argv => [
  'ip',
  family,
  'route',
  'append',
  ...words(row),
];

export const removeRoute = (row: string, family: '-4' | '-6'): Argv => [
  'ip',
  family,
  'route',
  'del',
  ...words(row),
];
