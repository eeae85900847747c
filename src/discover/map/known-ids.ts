/** Each pair of namespaces is asked about once: with a thousand of them, asking is what a map costs. */
import type { Machine } from '../../host/machine.ts';
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';

export function withKnownIds(machine: Machine): Machine {
  const known = new Map<string, Answer<number | null>>();
  /** From where one is, nothing need be entered. */
  const key = (of: Netns, seenFrom: Netns | null): string =>
    `${of.inode} ${seenFrom?.inode === machine.self.inode ? '' : (seenFrom?.inode ?? '')}`;
  return {
    ...machine,
    nsids(all, seenFrom) {
      const answer = machine.nsids(all, seenFrom);
      if (answer.known) for (const [at, id] of answer.value.entries()) known.set(key(all[at]!, seenFrom), id);
      return answer;
    },
    nsid(of, seenFrom) {
      const pair = key(of, seenFrom);
      const answer =
        known.get(pair) ?? machine.nsid(of, seenFrom?.inode === machine.self.inode ? null : seenFrom);
      known.set(pair, answer);
      return answer;
    },
  };
}
