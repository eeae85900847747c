/** `ip route add|replace|del …`: every route to that destination in that table. */
import type { Answer } from '../../model/answer.ts';
import { mapAnswer } from '../../model/answer.ts';
import { run } from '../../model/fix.ts';
import { askIfAny } from '../ask.ts';
import { after, ipWords } from '../ip-words.ts';
import { addRoute, removeRoute } from '../route-commands.ts';
import { routeLines } from '../routes.ts';
import { listing, rows, type State } from '../state.ts';
import type { Argv, Look, Observe } from '../subject.ts';

const TYPES = [
  'unicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
  'local',
  'broadcast',
  'multicast',
  'anycast',
];

interface Aim {
  readonly family: '-4' | '-6';
  readonly type: string | null;
  readonly destination: string;
  readonly table: string;
}

function aimOf(argv: Argv): Aim | null {
  const { family, object, verb, rest } = ipWords(argv);
  if (argv[0] !== 'ip' || object !== 'route' || verb === 'flush' || verb === '') return null;
  const typed = TYPES.includes(rest[0] ?? '');
  const words = rest.filter((word) => word !== 'to');
  const destination = words[typed ? 1 : 0];
  if (destination === undefined) return null;
  const six = family === '-6' || rest.some((word) => /^[0-9a-f]*:[0-9a-f:]*(\/\d+)?$/i.test(word));
  return {
    family: six ? '-6' : '-4',
    type: typed ? (rest[0] ?? null) : null,
    destination: ['0/0', '0.0.0.0/0', '::/0'].includes(destination) ? 'default' : destination,
    table: after(rest, 'table') ?? (rest[0] === 'local' ? 'local' : 'main'),
  };
}

async function read(aim: Aim, look: Look): Promise<Answer<State>> {
  const named = ['table', aim.table, 'exact', aim.destination] as const;
  // A table that does not exist yet is a refusal of ip, and an empty listing.
  const answer = await askIfAny(look, ['ip', '-o', '-d', aim.family, 'route', 'show', ...named]);
  const withTable = (row: string) =>
    aim.table === 'main' || / table /.test(row) ? row : `${row} table ${aim.table}`;
  return mapAnswer(answer, (text) => ({
    routes: listing(
      routeLines(text ?? '')
        .map(withTable)
        .filter((row) => concerns(row, aim)),
    ),
  }));
}

/** With IPv6 an exact listing of `default` also gives the kernel's own unreachable route. */
const concerns = (row: string, aim: Aim): boolean =>
  !(aim.family === '-6' && /^unreachable default dev lo .*metric 4294967295/.test(row));

/** All of them are taken out and put back where one differs: routes of one metric are kept in order. */
function restore(aim: Aim, now: State, wanted: State) {
  const [have, want] = [rows(now.routes), rows(wanted.routes)];
  const first = want.findIndex((row, index) => row !== have[index]);
  const from = first < 0 ? want.length : first;
  return [
    ...have.slice(from).map((row) => run(removeRoute(row, aim.family))),
    ...want.slice(from).map((row) => run(addRoute(row, aim.family))),
  ];
}

export default ((argv) => {
  const aim = aimOf(argv);
  if (aim === null) return null;
  return {
    what: `routes to ${aim.destination} in table ${aim.table}`,
    shared: true,
    read: (look) => read(aim, look),
    restore: (now, wanted) => restore(aim, now, wanted),
  };
}) satisfies Observe as Observe;
