/** `ip rule add|del …`: the policy rules of that family. */
import { mapAnswer } from '../../model/answer.ts';
import { run } from '../../model/fix.ts';
import { ask } from '../ask.ts';
import { ipWords } from '../ip-words.ts';
import { lines, listing, rows, type State } from '../state.ts';
import type { Argv, Observe } from '../subject.ts';

/** `100:	from all lookup 52` as arguments. */
function words(row: string): string[] {
  const [priority = '', rest = ''] = row.split(/:\s*/, 2);
  return ['pref', priority, ...rest.split(' ').filter((word) => word !== '' && !/^\[.*\]$/.test(word))];
}

const priorityOf = (row: string): number => Number.parseInt(row, 10);

/** Rules of one priority keep their order: where one of them differs, all of that priority are written again. */
function restore(family: '-4' | '-6', now: State, wanted: State) {
  const [have, want] = [rows(now.rules), rows(wanted.rules)];
  const at = (list: string[], priority: number) => list.filter((row) => priorityOf(row) === priority);
  const priorities = [...new Set([...have, ...want].map(priorityOf))].filter(
    (priority) => listing(at(have, priority)) !== listing(at(want, priority)),
  );
  const rule = (verb: string, row: string): Argv => ['ip', family, 'rule', verb, ...words(row)];
  return priorities.flatMap((priority) => [
    ...at(have, priority).map((row) => run(rule('del', row))),
    ...at(want, priority).map((row) => run(rule('add', row))),
  ]);
}

export default ((argv) => {
  const { family, object, rest } = ipWords(argv);
  if (argv[0] !== 'ip' || object !== 'rule') return null;
  const six = family === '-6' || rest.some((word) => /^[0-9a-f]*:[0-9a-f:]*(\/\d+)?$/i.test(word));
  const flag = six ? '-6' : '-4';
  return {
    what: `policy routing rules (${six ? 'IPv6' : 'IPv4'})`,
    shared: true,
    read: async (look) =>
      mapAnswer(await ask(look, ['ip', flag, 'rule', 'show']), (text) => ({
        rules: listing(lines(text).map((line) => line.replace(' [detached]', ''))),
      })),
    restore: (now, wanted) => restore(flag, now, wanted),
  };
}) satisfies Observe as Observe;
