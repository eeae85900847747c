import type { Line } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { nearest } from '../../words/nearest.ts';
import { command, say, wrong } from '../command.ts';

/** A blank line ends a paragraph; the rows in it are the source's, not the screen's. */
const paragraphs = (text: string, columns: number): Line[] =>
  text
    .trim()
    .split(/\n\s*\n/)
    .flatMap((part) => [[], ...paragraph('  ', part, columns)]);

export default command({
  name: 'explain',
  usage: '[cause]',
  group: 'case',
  does: 'says in plain words what a cause is',
  more: 'Without a name it is the cause of the last verdict; `causes` lists them all.',
  slots: (done) => (done.length === 0 ? ['cause'] : []),
  async run([, word], { last, columns }) {
    const id = word?.text ?? last?.diagnosis?.cause;
    if (id === undefined || id === null) {
      return wrong(-1, 'The last diagnosis names no cause.', 'Type: explain CAUSE, or: causes');
    }
    const { causeOf, causes } = await import('../../causes.ts');
    const found = causeOf(id);
    if (!found) {
      const meant = nearest(
        id,
        causes.map((each) => each.id),
      );
      return wrong(1, `There is no cause "${id}".`, meant ? `Did you mean "${meant}"?` : 'Type: causes');
    }
    const wide = Math.min(columns, 100);
    return say([
      ...paragraph('', `${found.title} (${found.id})`, wide, 'strong'),
      ...paragraphs(found.explain, wide),
    ]);
  },
});
