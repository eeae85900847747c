/** `ip neigh add|replace|del|flush …`: the entries of that address, or of that interface. */
import { mapAnswer } from '../../model/answer.ts';
import { run } from '../../model/fix.ts';
import { ask } from '../ask.ts';
import { after, ipWords } from '../ip-words.ts';
import { lines, listing, rows, type State } from '../state.ts';
import type { Observe } from '../subject.ts';

const LASTING = /\b(PERMANENT|NOARP)$/;

/** `10.88.0.2 dev br0 lladdr … STALE` as arguments of `ip neigh replace`. */
const words = (row: string): string[] => {
  const parts = row.split(' ').filter((word) => word !== 'router');
  const state = parts.pop()?.toLowerCase() ?? 'stale';
  return [...parts, 'nud', state];
};

const key = (row: string): string => row.split(' ').slice(0, 3).join(' ');

function restore(now: State, wanted: State) {
  const extra = rows(now.entries).filter((row) => !rows(wanted.entries).includes(row));
  const gone = rows(wanted.entries).filter((row) => !rows(now.entries).includes(row));
  return [
    ...extra
      .filter((row) => !gone.some((other) => key(other) === key(row)))
      .map((row) => run(['ip', 'neigh', 'del', ...key(row).split(' ')])),
    ...gone.map((row) => run(['ip', 'neigh', 'replace', ...words(row)])),
  ];
}

/** A learned entry with a MAC can be put back as it was, once; it is not compared, since traffic changes it. */
const learned = (listed: string[]): string[] =>
  listed.filter((row) => !LASTING.test(row) && / lladdr /.test(row));

export default ((argv) => {
  const { object, verb, rest } = ipWords(argv);
  if (argv[0] !== 'ip' || object !== 'neighbour' || verb === '') return null;
  const device = after(rest, 'dev');
  if (device === null || rest.includes('proxy')) return null;
  const address = verb === 'flush' ? null : (rest.filter((word) => word !== 'to')[0] ?? null);
  return {
    partOf: device,
    what: address ? `neighbour ${address} on ${device}` : `neighbours on ${device}`,
    read: async (look) =>
      mapAnswer(await ask(look, ['ip', 'neigh', 'show', 'dev', device]), (text) => {
        const listed = lines(text)
          .filter((line) => address === null || line.startsWith(`${address} `))
          .map((line) => line.replace(/^(\S+)/, `$1 dev ${device}`));
        return {
          entries: listing(listed.filter((row) => LASTING.test(row))),
          '?learned': listing(learned(listed)),
        };
      }),
    restore,
  };
}) satisfies Observe as Observe;
