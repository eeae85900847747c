import type { Evidence } from '../../model/evidence.ts';
import { plain, shellLine } from '../../model/words.ts';
import { type Line, row, span } from '../../output/line/span.ts';
import { cell } from '../../output/line/width.ts';
import { wrapText } from '../../output/line/wrap.ts';
import { duration } from '../../output/words.ts';
import { command, say } from '../command.ts';
import { withCase } from '../the-case.ts';

const TIME = 9;

/** In time; what belongs to no moment comes after. */
const inTime = (evidence: readonly Evidence[]): Evidence[] =>
  evidence.toSorted((a, b) => (a.microseconds ?? Infinity) - (b.microseconds ?? Infinity));

function lines(one: Evidence, columns: number): Line[] {
  const time = one.microseconds === null ? '' : duration(one.microseconds);
  const lead = `${cell(time.padStart(TIME - 1), TIME)} ${cell(one.witness, 8)} `;
  const says = wrapText(plain(one.says), Math.max(20, columns - lead.length));
  const indent = ' '.repeat(lead.length);
  const tone = one.agrees === false ? 'warn' : 'plain';
  return [
    ...says.map((text, index): Line => [span(index === 0 ? lead : indent, 'dim'), span(text, tone)]),
    ...(one.agrees === false ? [row(`${indent}speaks against the verdict`, 'warn')] : []),
    ...(one.source.length > 0 ? [row(`${indent}$ ${shellLine(one.source)}`, 'dim')] : []),
  ];
}

export default command({
  name: 'evidence',
  usage: '',
  does: 'shows everything that was seen, in time, with the commands that show it again',
  slots: () => [],
  run: (_, desk) =>
    withCase(desk, ({ diagnosis }) => {
      const seen = inTime(diagnosis.evidence).flatMap((one) => lines(one, desk.columns));
      return say(seen.length > 0 ? [...seen, []] : [row('Nothing but the probes and their answers.', 'dim')]);
    }),
});
