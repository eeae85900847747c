/** `ip neigh add|del proxy ADDRESS dev X`: addresses the host answers for. */
import { mapAnswer } from '../../model/answer.ts';
import { run } from '../../model/fix.ts';
import { ask } from '../ask.ts';
import { after, ipWords } from '../ip-words.ts';
import { lines, listing, rows } from '../state.ts';
import type { Observe } from '../subject.ts';

export default ((argv) => {
  const { object, rest } = ipWords(argv);
  const [address, device] = [after(rest, 'proxy'), after(rest, 'dev')];
  if (argv[0] !== 'ip' || object !== 'neighbour' || address === null || device === null) return null;
  const entry = ['proxy', address, 'dev', device];
  return {
    partOf: device,
    what: `proxy entry ${address} on ${device}`,
    read: async (look) =>
      mapAnswer(await ask(look, ['ip', 'neigh', 'show', 'proxy', 'dev', device]), (text) => ({
        entry: listing(lines(text).filter((line) => line.startsWith(`${address} `))),
      })),
    restore: (now, wanted) =>
      rows(wanted.entry).length > rows(now.entry).length
        ? [run(['ip', 'neigh', 'add', ...entry])]
        : [run(['ip', 'neigh', 'del', ...entry])],
  };
}) satisfies Observe as Observe;
