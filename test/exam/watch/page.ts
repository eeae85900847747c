/** What a watch said in its exam, as the page that keeps it. */
import { lossPlaces } from '../../lab/loss-places.ts';
import { joined, table } from '../../reference/markdown.ts';
import { quantile } from '../repair-totals.ts';
import { KINDS } from './changes.ts';
import { PATTERNS, type Purpose, type Run } from './losses.ts';

/** A run, and what was lost on purpose in it; null: nothing. */
export interface Ran {
  readonly purpose: Purpose | null;
  readonly run: Run;
}

/** For each time between two probes, of each kind, how long after each change it was told. Milliseconds; null: never. */
export type Noticed = ReadonlyMap<number, ReadonlyMap<string, readonly (number | null)[]>>;

const sum = (runs: readonly Ran[], of: (run: Run) => number): number =>
  runs.reduce((all, { run }) => all + of(run), 0);

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(part === whole ? 0 : 1)} %`;

export const LOSS_HEADS = [
  ...['lost on purpose', 'where', 'runs', 'probes', 'taken', 'told', 'at the right hop', 'elsewhere'],
  ...['true rate inside', 'order told'],
];

/** Runs of one pattern and place as cells. */
export function lossCells(runs: readonly Ran[]): string[] {
  const [{ purpose }] = runs as [Ran];
  const [taken, right, elsewhere] = [
    sum(runs, (run) => run.taken),
    sum(runs, (run) => run.right),
    sum(runs, (run) => run.elsewhere),
  ];
  const orders = new Map<string, number>();
  for (const { run } of runs) orders.set(run.order, (orders.get(run.order) ?? 0) + 1);
  return [
    purpose?.pattern.name ?? 'nothing',
    purpose?.place.name ?? '–',
    String(runs.length),
    String(sum(runs, ({ probes }) => probes)),
    String(taken),
    percent(Math.min(taken, right + elsewhere), taken),
    percent(right, taken),
    String(elsewhere),
    purpose ? `${runs.filter(({ run }) => run.holds).length} of ${runs.length}` : '–',
    [...orders].map(([order, count]) => `${count} × ${order}`).join(', '),
  ];
}

/** By pattern, and those that lost nothing on purpose: what to say of all of them. */
export function lossTotals(all: readonly Ran[]): string[] {
  const lines = PATTERNS.flatMap((pattern) => {
    const runs = all.filter(({ purpose }) => purpose?.pattern.name === pattern.name);
    if (runs.length === 0) return [`- ${pattern.name}: not tried`];
    const [taken, right] = [sum(runs, (run) => run.taken), sum(runs, (run) => run.right)];
    const said = runs.filter(({ run }) => run.order === pattern.order).length;
    const other = pattern.order === 'random' ? 'bursts' : 'random';
    const wrong = runs.filter(({ run }) => run.order === other).length;
    return `- ${pattern.name}: ${right} of ${taken} told at the right hop, ${sum(runs, (run) => run.elsewhere)} elsewhere; the true rate inside its interval in ${runs.filter(({ run }) => run.holds).length} of ${runs.length} runs; _${pattern.order}_ said of ${said}, _${other}_ of ${wrong}, too few to say in the others`;
  });
  const healthy = all.filter(({ purpose }) => purpose === null);
  const alarms = healthy.filter(({ run }) => run.elsewhere > 0 || run.changes > 0);
  return [
    ...lines,
    `- nothing lost: a false alarm in ${alarms.length} of ${healthy.length} runs, ${sum(healthy, (run) => run.elsewhere)} losses and ${sum(healthy, (run) => run.changes)} changes told in ${sum(healthy, (run) => run.probes)} probes`,
  ];
}

export const CHANGE_HEADS = [
  'changed',
  'seconds between probes',
  'times',
  'median',
  'longest',
  'in intervals',
];

export function changeCells(name: string, interval: number, after: readonly (number | null)[]): string[] {
  const told = after.filter((one) => one !== null);
  const longest = Math.max(...told);
  return [
    name,
    String(interval),
    told.length === after.length ? String(after.length) : `${told.length} of ${after.length}`,
    told.length === 0 ? 'never told' : `${quantile(told, 0.5).toFixed(0)} ms`,
    told.length === 0 ? '–' : `${longest.toFixed(0)} ms`,
    told.length === 0 ? '–' : (longest / interval / 1000).toFixed(2),
  ];
}

const changeRows = (noticed: Noticed): string[][] =>
  [...noticed].flatMap(([interval, kinds]) =>
    KINDS.flatMap(({ name }) => {
      const after = kinds.get(name);
      return after ? [changeCells(name, interval, after)] : [];
    }),
  );

/** How many of the changes were told within one interval. */
export function changeTotals(noticed: Noticed): string[] {
  return [...noticed].map(([interval, kinds]) => {
    if (kinds.size === 0) return `- every ${interval} s: not tried`;
    const all = [...kinds.values()].flat();
    const within = all.filter((after) => after !== null && after <= interval * 1000).length;
    const told = all.filter((after) => after !== null).length;
    return `- every ${interval} s: ${told} of ${all.length} changes of ${kinds.size} kinds told, ${within} of them within one interval`;
  });
}

/** In the order of the patterns and of the way. */
export function grouped(all: readonly Ran[]): Ran[][] {
  const groups = PATTERNS.flatMap((pattern) =>
    lossPlaces.map((place) =>
      all.filter(
        ({ purpose }) => purpose?.pattern.name === pattern.name && purpose.place.name === place.name,
      ),
    ),
  );
  return [...groups, all.filter(({ purpose }) => purpose === null)].filter((runs) => runs.length > 0);
}

export const watchPage = (all: readonly Ran[], noticed: Noticed): string =>
  joined([
    '# What a watch notices',
    '`npm run exam -- --watch --write` writes this page: on labs, one of IPv4 and one of IPv6, beside each other.',
    '## What is lost',
    'At each place of the way where nft can take packets away, at random (`numgen random`) and in bursts (`numgen inc`), 200 probes a second. _Taken_ is what the rule has counted itself; _told_ the part of it that the watch has told as lost; _elsewhere_ losses that were told at another hop. A watch asks the kernel why only once something was lost, as it does by itself. _True rate inside_: runs in whose interval for that leg, of 95 %, the rule’s own rate lies; it is meant for losses that know nothing of each other.',
    lossTotals(all).join('\n'),
    table(
      LOSS_HEADS,
      grouped(all).map((runs) => lossCells(runs)),
    ),
    '## What changes',
    'From the end of the command that changes it to the line that tells it, on the clock of the one who asks; _in intervals_ the longest of them, by the time between two probes. What the kernel tells is read as it is told, settings of which it tells nothing 20 times a second, rules of legacy iptables five times.',
    changeTotals(noticed).join('\n'),
    table(CHANGE_HEADS, changeRows(noticed)),
  ]);
