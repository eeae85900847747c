/** The table of an exam in which each witness was taken away in turn. */
import { witnesses } from '../../src/host/without.ts';
import type { Row } from '../lab/scenario.ts';
import { folded, joined, table } from '../reference/markdown.ts';
import { GRADES, grade, gradeCounts, gradesInWords } from './grade.ts';
import type { Rows } from './play-all.ts';

export const ALL = 'every witness';

const COLUMNS = [...GRADES, 'fault gone'] as const;
const NAMES = [ALL, ...witnesses];
const inWords = (name: string): string => (name === ALL ? name : `without ${name}`);

/** What must be said beside the verdict, how narrow the place is, and the deepest cause may rest on the witness that is missing. */
const meant = (row: Row, name: string): Row =>
  name === ALL ? row : { ...row, scenario: lenient(row, name) };

/** A cause that is still true may say of itself what must not be said where a deeper one is known. */
function lenient({ scenario: of, answer }: Row, without: string): Row['scenario'] {
  const { between: _, still_true = [], ...rest } = of;
  return {
    ...rest,
    still_true,
    expect: of.shown_by === without ? 'healthy' : of.expect,
    notes: [],
    unsaid: answer.cause !== null && still_true.includes(answer.cause) ? [] : of.unsaid,
    also_right: [...of.also_right, ...still_true],
  };
}

/** `right`, or what was said instead. */
function cell(name: string, row: Row | undefined): string {
  if (!row) return '';
  const given = grade(meant(row, name));
  return given === 'wrong' ? `**${row.answer.cause ?? row.answer.status}**` : given;
}

export const withoutRow = (asked: Rows): string[] => [
  asked[ALL]!.scenario.file,
  ...NAMES.map((name) => cell(name, asked[name])),
];

/** Those of a question that were asked it. */
const rowsOf = (all: readonly Rows[], name: string): Row[] =>
  all.flatMap((asked) => (asked[name] ? [meant(asked[name], name)] : []));

export const totals = (all: readonly Rows[]): string[] =>
  NAMES.map((name) => `${inWords(name)}: ${gradesInWords(rowsOf(all, name), COLUMNS)}`);

export const withoutPage = (all: readonly Rows[]): string =>
  joined([
    '# The exam without a witness',
    'Each fault was asked about with every witness, and again without each: `npm run exam -- --without`. Less evidence may leave the cause open; it must never name another one. What is **bold** did.',
    table(
      ['', ...COLUMNS],
      NAMES.map((name) => [inWords(name), ...gradeCounts(rowsOf(all, name), COLUMNS).map(String)]),
    ),
    ...folded(`${all.length} scenarios`, table(['scenario', ...NAMES.map(inWords)], all.map(withoutRow))),
  ]);
