/** Each pair of namespaces is asked about once: with a thousand of them, asking is what a map costs. */
import type { Machine } from '../../host/machine.ts';
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';

export function withKnownIds(machine: Machine): Machine {
  const known = new Map<string, Answer<number | null>>();
  /** From where one is, nothing need be entered. */
  const place = (seenFrom: Netns | null): Netns | null =>
    seenFrom?.inode === machine.self.inode ? null : seenFrom;
  const key = (of: Netns, from: Netns | null): string => `${of.inode} ${from?.inode ?? ''}`;
  return {
    ...machine,
    nsids(all, seenFrom) {
      const from = place(seenFrom);
      const answer = machine.nsids(all, from);
      if (answer.known) for (const [at, id] of answer.value.entries()) known.set(key(all[at]!, from), id);
      return answer;
    },
    nsid(of, seenFrom) {
      const from = place(seenFrom);
      const pair = key(of, from);
      const answer = known.get(pair) ?? machine.nsid(of, from);
      known.set(pair, answer);
      return answer;
    },
  };
}
