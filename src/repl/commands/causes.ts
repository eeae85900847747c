import { type Line, row, span } from '../../output/line/span.ts';
import { cell, cut, widthOf } from '../../output/line/width.ts';
import { paragraph, wrapText } from '../../output/line/wrap.ts';
import { command, say, wrong } from '../command.ts';

/** Cells for the id; a longer one has its title below. */
const ID = 26;
/** What a title needs beside it. */
const TITLE = 40;

export default command({
  name: 'causes',
  usage: '[word]',
  group: 'netdoctor',
  does: 'lists the causes netdoctor can name',
  more: 'With a word only those that have it in their name or title: `causes bridge`.',
  slots: () => [],
  async run([, word], { columns, last, glyphs }) {
    const { causes } = await import('../../causes.ts');
    const named = new Set(last?.diagnosis?.findings.map(({ cause }) => cause));
    const sought = word?.text.toLowerCase() ?? '';
    const found = causes.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(sought));
    if (found.length === 0) return wrong(1, `No cause speaks of "${word!.text}".`, 'Type: causes');
    const rows = found.flatMap(({ id, title }): Line[] => {
      const mark = span(named.has(id) ? `${glyphs.chosen} ` : '  ', 'accent');
      const name = span(cell(id, Math.max(ID, widthOf(id))), named.has(id) ? 'strong' : 'accent');
      const beside = columns >= ID + TITLE && widthOf(id) <= ID;
      if (!beside)
        return [cut([mark, span(id, name.tone)], columns, glyphs.more), ...paragraph('    ', title, columns)];
      const [first = '', ...rest] = wrapText(title, columns - ID - 4);
      return [[mark, name, span(`  ${first}`)], ...rest.map((text) => row(' '.repeat(ID + 4) + text))];
    });
    const hint = found.some(({ id }) => named.has(id))
      ? 'explain says what the marked one means.'
      : 'explain CAUSE says more.';
    return say([...rows, [], ...paragraph('', hint, columns, 'dim')]);
  },
});
