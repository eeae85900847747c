import type { Address } from '../../model/stack.ts';
import { type Fields, list, number, text } from './json.ts';

/** `ip -j` prints an address's flags as keys that are true (ipaddress.c, ifa_flag_data). */
const FLAGS = [
  'tentative',
  'dadfailed',
  'deprecated',
  'optimistic',
  'secondary',
  'temporary',
  'dynamic',
  'nodad',
  'noprefixroute',
  'home',
  'mngtmpaddr',
] as const;

/** The addresses of one link, from its `addr_info`. */
export function addressesOf(link: Fields): Address[] {
  return list(link.addr_info).flatMap((entry) => {
    const address = text(entry.local);
    if (address === null || (entry.family !== 'inet' && entry.family !== 'inet6')) return [];
    return [
      {
        family: entry.family === 'inet6' ? 6 : 4,
        address,
        prefix: number(entry.prefixlen) ?? 0,
        scope: String(entry.scope ?? 'global'),
        peer: text(entry.address),
        flags: FLAGS.filter((flag) => entry[flag] === true || (flag in entry && entry[flag] === null)),
      },
    ];
  });
}
