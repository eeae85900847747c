/** The table of an exam in which each witness was taken away in turn. */
import { witnesses } from '../../src/host/without.ts';
import type { Row } from '../lab/scenario.ts';
import { type Grade, grade } from './grade.ts';

export const ALL = 'every witness';
type Asked = Readonly<Record<string, Row>>;

const GRADES: readonly Grade[] = ['right', 'place only', 'undecided', 'wrong', 'failed', 'fault gone'];

/** `right`, or what was said instead. */
function cell(row: Row | undefined): string {
  if (!row) return '';
  const given = grade(row);
  return given === 'wrong' ? `**${row.answer.cause ?? row.answer.status}**` : given;
}

export const withoutRow = (asked: Asked): string[] => [
  asked[ALL]!.scenario.file,
  ...[ALL, ...witnesses].map((name) => cell(asked[name])),
];

const counted = (rows: readonly Asked[], name: string): number[] =>
  GRADES.map((one) => rows.filter((asked) => asked[name] && grade(asked[name]) === one).length);

export const totals = (rows: readonly Asked[]): string[] =>
  [ALL, ...witnesses].map((name) => {
    const numbers = counted(rows, name).map((count, index) => `${count} ${GRADES[index]}`);
    return `${name === ALL ? name : `without ${name}`}: ${numbers.join(', ')}`;
  });

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function withoutPage(rows: readonly Asked[]): string {
  const names = [ALL, ...witnesses.map((name) => `without ${name}`)];
  return `# The exam without a witness

Each fault was asked about with every witness, and again without each: \`npm run exam -- --without\`. Less evidence may
leave the cause open; it must never name another one. What is **bold** did.

${row(['', ...GRADES])}
${row(['---', ...GRADES.map(() => '---:')])}
${names.map((name, index) => row([name, ...counted(rows, [ALL, ...witnesses][index]!).map(String)])).join('\n')}

<details>
<summary>${rows.length} scenarios</summary>

${row(['scenario', ...names])}
${row(['---', ...names.map(() => '---')])}
${rows.map((asked) => row(withoutRow(asked))).join('\n')}

</details>
`;
}
