/** A listed route as the command that adds or removes it. */
import type { Argv } from './subject.ts';

/** What ip(8) lists of a nexthop object behind its id, and takes of none that is given by its id. */
const OF_OBJECT = / (?:via (?:inet6? )?\S+|dev \S+|weight \d+|onlink|linkdown|dead)(?= |$)/g;

/** ip(8) lists what it also takes, but for the commas of metrics, and for where a nexthop object leads. */
function words(row: string): string[] {
  const told = / nhid \d/.test(row)
    ? row.replace(/ (?:nh_info|nexthop) .*$/s, '').replace(OF_OBJECT, '')
    : row;
  return told.split(' ').filter((word) => word !== '' && word !== '[detached]');
}

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
