/** What each reason and function of the kernel's drops means: include/net/dropreason-core.h, and the sources each file names. */

import { capital } from '../words/text.ts';
import type { DropMeaning, DropTable } from './drop-meaning.ts';

const files = import.meta.glob<{ default: DropTable }>('./drop-reasons/*.ts', { eager: true });

export const dropMeanings: DropTable = Object.assign({}, ...Object.values(files).map((file) => file.default));

/** Reasons of the kernel's list that say nothing. */
export const SAYS_NOTHING = /^(NOT_SPECIFIED|NOT_DROPPED_YET|CONSUMED|MAX|SUBSYS_\w+)?$/;

/** The name by which the table tells of a drop: a reason goes before the function; of NETFILTER_DROP the function tells more. */
export function explained({ reason, function: place }: { reason: string; function: string }): string {
  const [first, second] = reason === 'NETFILTER_DROP' ? [place, reason] : [reason, place];
  return Object.hasOwn(dropMeanings, first) ? first : second;
}

/** Undefined for what no table tells of. */
export function meaningOf(drop: {
  readonly reason: string;
  readonly function: string;
}): DropMeaning | undefined {
  const name = explained(drop);
  return Object.hasOwn(dropMeanings, name) ? dropMeanings[name] : undefined;
}

/** All of it in sentences. */
export const meaningInWords = ({ checks, decides, setBy, mends }: DropMeaning): string =>
  [
    `${capital(checks)}.`,
    decides && `What decides it: ${decides}.`,
    setBy && `Usually set by ${setBy}.`,
    mends && `What mends it: ${mends}.`,
  ]
    .filter(Boolean)
    .join(' ');
