/** Which flow a report will be about is known at once where nothing that is found out can lead to another. */
import { parseEnd } from '../model/ends.ts';
import type { Flow } from '../model/flow.ts';
import type { Question } from '../model/question.ts';
import type { Target } from '../model/target.ts';

/**
 * Is this flow what the verdict will be about, whatever it is? A name may have other addresses, and servers of its own; where
 * nobody names a destination, what the target's programs fail at comes first; and a connection may be taken by a program of
 * this host, or stand for one to a proxy that the target's environment names.
 */
export function isSettled(
  { to, usual }: Question,
  { pid, ports }: Pick<Target, 'pid' | 'ports'>,
  { from, proto }: Flow,
): boolean {
  if (to === undefined || usual || from !== 'container' || parseEnd(to, []).kind !== 'address') return false;
  return proto === 'icmp' || proto === 'udp' || (proto === 'tcp' && pid === null && ports.length === 0);
}
