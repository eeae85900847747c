/** `bpftool cgroup attach|detach CGROUP …` and `bpftool prog pin …`. Put back by the fix's own undo. */
import { known, mapAnswer } from '../../model/answer.ts';
import { ask } from '../ask.ts';
import { lines, listing } from '../state.ts';
import type { Observe } from '../subject.ts';

export default ((argv) => {
  if (argv[0] !== 'bpftool') return null;
  if (argv[1] === 'prog' && argv[2] === 'pin') {
    const file = argv.at(-1) ?? '';
    return {
      what: `pinned program ${file}`,
      read: async ({ machine }) => {
        const there = await machine.run({ argv: ['test', '-e', file] });
        return mapAnswer(there, ({ code }) => ({ pin: code === 0 ? 'present' : 'absent' }));
      },
    };
  }
  const group = argv[3];
  if (argv[1] !== 'cgroup' || group === undefined) return null;
  return {
    what: `programs of cgroup ${group}`,
    read: async (look) => {
      const listed = await ask(look, ['bpftool', 'cgroup', 'show', group]);
      if (!listed.known) return listed;
      // A program has a new id when it is loaded again.
      const programs = lines(listed.value).map((line) =>
        line
          .trim()
          .replace(/^\d+\s+/, '')
          .replace(/\s+/g, ' '),
      );
      return known({ programs: listing(programs.slice(1)) }, listed.source);
    },
  };
}) satisfies Observe as Observe;
