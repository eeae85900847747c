/**
 * The one question that every argument list is asked before it is run or offered: would the program read in it what
 * was meant? Names, comments and rules in it are written by strangers, and no shell stands in between; but some
 * programs parse their arguments again.
 */
import { nftRefusal } from './arguments/nft.ts';
import { sysctlRefusal } from './arguments/sysctl.ts';
import { xtablesRefusal } from './arguments/xtables.ts';

const READERS: readonly (readonly [RegExp, (args: readonly string[]) => string | null])[] = [
  [/^nft$/, nftRefusal],
  [/^sysctl$/, sysctlRefusal],
  [/^(ip6?|eb|arp)tables(-legacy|-nft)?$/, xtablesRefusal],
];

/** Why these words must not be run, as the end of a sentence; null where they may. */
export function refusalOfArguments(argv: readonly string[]): string | null {
  const [program = '', ...args] = argv;
  const name = program.slice(program.lastIndexOf('/') + 1);
  const reader = READERS.find(([pattern]) => pattern.test(name))?.[1];
  if (argv.some((word) => word.includes('\0'))) return 'a word of it holds a NUL';
  // What was no UTF-8 has become U+FFFD in reading: the word would be about another thing.
  if (argv.some((word) => word.includes('\ufffd'))) return 'a word of it could not be read whole';
  return reader?.(args) ?? null;
}
