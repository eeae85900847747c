import type { Diagnosis } from '../../model/diagnosis.ts';
import { type Evidence, goesOnToPolicy, isNeighbourTalk } from '../../model/evidence.ts';
import { type Line, row, span } from '../../output/line/span.ts';
import { cell } from '../../output/line/width.ts';
import { commandRow, paragraph, wrapText } from '../../output/line/wrap.ts';
import { duration } from '../../output/words.ts';
import { plain, shellLine } from '../../words/text.ts';
import { command, say, wrong } from '../command.ts';
import { withCase } from '../the-case.ts';

const TIME = 9;
/** Below this what was seen stands under its time and witness. */
const NARROW = 60;
const ALL = 'all';

/** In time; what belongs to no moment comes after. */
const inTime = (evidence: readonly Evidence[]): Evidence[] =>
  evidence.toSorted((a, b) => (a.microseconds ?? Infinity) - (b.microseconds ?? Infinity));

/** What neighbours say to each other is one piece for each hop, at the time it began. */
function oneTalkAHop(evidence: readonly Evidence[]): Evidence[] {
  const talks = evidence.filter(isNeighbourTalk);
  return evidence.flatMap((one) => {
    if (!isNeighbourTalk(one)) return [one];
    const here = talks.filter(({ at }) => at === one.at);
    if (here[0] !== one) return [];
    // Between whom is in the words already.
    const words = here.map(({ says }) => says.replace(/^neighbour: /, '').replace(/, \S+ → \S+$/, ''));
    return [{ ...one, says: [...new Set(words)].join('; ') }];
  });
}

/** Where it was seen, unless its words say so themselves. */
function where({ at, says }: Evidence, { path }: Diagnosis): string {
  const name = path.find(({ id }) => id === at)?.name;
  return name === undefined || says.includes(name) ? '' : `${plain(name)}: `;
}

/** One piece; its command only where `again` is asked for. */
function lines(one: Evidence, diagnosis: Diagnosis, columns: number, again: boolean): Line[] {
  const time = one.microseconds === null ? '' : duration(one.microseconds);
  const lead = `${cell(time.padStart(TIME - 1), TIME)} ${cell(one.witness, 8)} `;
  const narrow = columns < NARROW;
  const indent = ' '.repeat(narrow ? 4 : lead.length);
  const says = wrapText(where(one, diagnosis) + plain(one.says), columns - indent.length);
  const tone = one.agrees === false ? 'warn' : 'plain';
  return [
    ...(narrow ? [row(`  ${lead.trim()}`, 'dim')] : []),
    ...says.map((text, index): Line => {
      const first = index === 0 && !narrow;
      return [span(first ? lead : indent, 'dim'), span(text, tone)];
    }),
    ...(one.agrees === false ? [row(`${indent}speaks against the verdict`, 'warn')] : []),
    ...(again && one.source.length > 0 ? [commandRow(shellLine(one.source), indent.length, columns)] : []),
  ];
}

export default command({
  name: 'evidence',
  usage: `[${ALL}]`,
  group: 'case',
  does: 'shows what was seen, in time, and how to see it again',
  more: '`evidence all` tells the talk of neighbours (ARP, ND) too.',
  slots: (done) => (done.length === 0 ? [{ words: [ALL] }] : []),
  run: ([, word], desk) =>
    withCase(desk, ({ diagnosis }) => {
      if (word !== undefined && word.text !== ALL)
        return wrong(1, `"${word.text}" is nothing that evidence takes.`, `Type: evidence ${ALL}`);
      const everything = inTime(diagnosis.evidence.filter((one) => !goesOnToPolicy(one, diagnosis.evidence)));
      const talk = everything.some(isNeighbourTalk);
      const shown = word ? oneTalkAHop(everything) : everything.filter((one) => !isNeighbourTalk(one));
      if (everything.length === 0)
        return say(paragraph('', 'Nothing but the probes and their answers.', desk.columns, 'dim'));
      // The same command shows many things: it is told with the first.
      const told = new Set<string>();
      return say([
        ...shown.flatMap((one) => {
          const source = shellLine(one.source);
          const again = !told.has(source);
          told.add(source);
          return lines(one, diagnosis, desk.columns, again);
        }),
        ...(talk && !word
          ? paragraph(
              '  ',
              `What neighbours said (ARP, ND) is left out: evidence ${ALL}`,
              desk.columns,
              'dim',
            )
          : []),
      ]);
    }),
});
