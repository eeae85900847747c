/** Each pair of namespaces is asked about once: with a thousand of them, asking is what a map costs. */
import type { Machine } from '../../host/machine.ts';
import type { Answer } from '../../model/answer.ts';

export function withKnownIds(machine: Machine): Machine {
  const known = new Map<string, Answer<number | null>>();
  return {
    ...machine,
    nsid(of, seenFrom) {
      // From where one is, nothing need be entered.
      const from = seenFrom?.inode === machine.self.inode ? null : seenFrom;
      const pair = `${of.inode} ${from?.inode ?? ''}`;
      const answer = known.get(pair) ?? machine.nsid(of, from);
      known.set(pair, answer);
      return answer;
    },
  };
}
