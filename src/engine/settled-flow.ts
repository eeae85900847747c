/** Which flow a report will be about is known at once where nothing that is found out can lead to another. */
import { parseEnd } from '../model/ends.ts';
import type { Flow } from '../model/flow.ts';
import type { Question } from '../model/question.ts';
import type { Target } from '../model/target.ts';

/**
 * The flow that the verdict will be about, whatever it is; undefined where it may come to be about another. A name may have
 * other addresses, and servers of its own; where nobody names a destination, what the target's programs fail at comes first;
 * and a connection may be taken by a program of this host, or stand for one to a proxy that the target's environment names.
 */
export function settledFlow(
  { to, usual, from, proto: wanted }: Question,
  { pid, ports }: Pick<Target, 'pid' | 'ports'>,
): Flow | undefined {
  const end = to === undefined || usual || from !== 'container' ? undefined : parseEnd(to);
  if (to === undefined || end?.kind !== 'address') return undefined;
  const { address, family, port } = end;
  const proto = wanted ?? (port === null ? 'icmp' : 'tcp');
  const flow = { from: 'container', to, address, proto, family } as const;
  if (proto === 'icmp') return { ...flow, port: null };
  const isAlone = proto === 'udp' || (proto === 'tcp' && pid === null && ports.length === 0);
  return isAlone && port !== null ? { ...flow, port } : undefined;
}
