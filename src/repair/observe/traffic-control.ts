/** `tc qdisc|filter|class … dev X …`: what shapes and filters that interface. */
import { type Answer, known } from '../../model/answer.ts';
import type { Change } from '../../model/fix.ts';
import { run } from '../../model/fix.ts';
import { ask, askIfAny } from '../ask.ts';
import { after, ipWords } from '../ip-words.ts';
import { lines, listing, rows, type State } from '../state.ts';
import type { Argv, Look, Observe } from '../subject.ts';

/** Reference counts, raw figures and what hardware did with it are not configuration. */
const row = (line: string): string =>
  line
    .replace(/ refcnt \d+/, '')
    .replace(/ ?\[[\da-f]+\]/g, '')
    .replace(/ not_in_hw| in_hw.*$/g, '')
    .trimEnd();

/**
 * A program that is attached again may have a new id, and is named after the file it was pinned as; its tag tells it. The qdisc
 * ingress has one block of filters, whichever parent they were given by: `ffff:` and `ingress` (ingress_tcf_block(),
 * net/sched/sch_ingress.c).
 */
export const filterRow = (line: string): string =>
  row(line)
    .replace(/^filter (?:parent ffff:|ingress) /, 'filter ')
    .replace(/ id \d+/, '')
    .replace(/ \S+:\[\*fsobj]/, '');

async function read(look: Look, device: string): Promise<Answer<State>> {
  // Raw, since a shaper's limit is told as a rounded latency otherwise.
  const qdiscs = await ask(look, ['tc', '-r', 'qdisc', 'show', 'dev', device]);
  if (!qdiscs.known) return qdiscs;
  const parents = ['ingress', 'egress', 'root'] as const;
  const filters = await Promise.all(
    parents.map((parent) => askIfAny(look, ['tc', 'filter', 'show', 'dev', device, parent])),
  );
  const listed = filters.flatMap((answer, index) =>
    answer.known && answer.value
      ? lines(answer.value).map((line) => `${parents[index]} ${filterRow(line)}`)
      : [],
  );
  return known({ qdiscs: listing(lines(qdiscs.value).map(row)), filters: listing(listed) }, qdiscs.source);
}

/** `qdisc tbf 8007: root rate …` as arguments of `tc qdisc replace`; clsact and ingress take neither handle nor parent. */
function qdiscWords(line: string, device: string): string[] {
  const [, kind = '', handle = '', ...rest] = line.split(' ');
  if (kind === 'clsact' || kind === 'ingress') return ['dev', device, kind];
  const parent = rest[0] === 'parent' ? rest.slice(0, 2) : ['root'];
  const listed = rest.slice(parent.length);
  // `limit 1000p` is how packets are listed, and not how they are given; where the limit is known, `lat` follows from it.
  const options = listed
    .filter((word, index) => !listed.includes('limit') || (word !== 'lat' && listed[index - 1] !== 'lat'))
    .map((word) => word.replace(/^(\d+)p$/, '$1'));
  return ['dev', device, ...parent, ...(handle === '0:' ? [] : ['handle', handle]), kind, ...options];
}

const isDefault = (line: string): boolean => /^qdisc \S+ 0: /.test(line);

/** Filters are put back by the fix's own undo only: their listing is not what tc takes. */
function restore(device: string, now: State, wanted: State): Change[] {
  const extra = rows(now.qdiscs).filter((line) => !rows(wanted.qdiscs).includes(line));
  const gone = rows(wanted.qdiscs).filter((line) => !rows(now.qdiscs).includes(line));
  return [
    ...extra
      .filter((line) => !isDefault(line) && !/ parent /.test(line.replace('parent ffff:fff1', '')))
      .map((line) => {
        const [, kind = ''] = line.split(' ');
        return run([
          'tc',
          'qdisc',
          'del',
          'dev',
          device,
          kind === 'clsact' || kind === 'ingress' ? kind : 'root',
        ] as Argv);
      }),
    ...gone
      .filter((line) => !isDefault(line))
      .map((line) => run(['tc', 'qdisc', 'replace', ...qdiscWords(line, device)] as Argv)),
  ];
}

export default ((argv) => {
  const { object, rest } = ipWords(argv);
  if (argv[0] !== 'tc' || !['qdisc', 'filter', 'class'].includes(object)) return null;
  const device = after(rest, 'dev');
  if (device === null) return null;
  return {
    what: `traffic control of ${device}`,
    read: (look) => read(look, device),
    restore: (now, wanted) => restore(device, now, wanted),
  };
}) satisfies Observe as Observe;
