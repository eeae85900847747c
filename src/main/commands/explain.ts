import { wrongCall } from '../../model/failure.ts';
import { jsonText } from '../../output/json.ts';
import { textOf } from '../../output/line/span.ts';
import { paragraph, wrapText } from '../../output/line/wrap.ts';
import { nearest } from '../../words/nearest.ts';
import { plain } from '../../words/text.ts';
import { command } from '../command.ts';
import { json } from '../options.ts';

/** Prose wider than this is hard to read. */
const PROSE = 90;

export default command({
  name: 'explain',
  takes: '[cause]',
  does: 'explains a cause in plain words; without one, lists them all',
  examples: ['netdoctor explain ip-forward-off'],
  options: [json()],
  async run({ words, options, screen }) {
    const { causes, causeOf } = await import('../../causes.ts');
    const [id] = words;
    if (id === undefined) {
      const list = causes.map(({ id, title }) => ({ id, title }));
      if (options.json) screen.out(jsonText({ schema: 'netdoctor/causes/1', causes: list }));
      else screen.out(listed(list, screen.columns));
      return 0;
    }
    const cause = causeOf(id);
    if (!cause) {
      const near = nearest(
        id,
        causes.map((one) => one.id),
      );
      throw wrongCall(
        'unknown-cause',
        `No cause is called "${plain(id)}".`,
        `${near === null ? '' : `Did you mean ${near}? `}netdoctor explain lists them all.`,
      );
    }
    const { title, explain } = cause;
    if (options.json) screen.out(jsonText({ schema: 'netdoctor/cause/1', id, title, explain }));
    else screen.out(explained(id, title, explain, Math.min(screen.columns, PROSE)));
    return 0;
  },
});

function listed(causes: readonly { id: string; title: string }[], columns: number): string {
  const width = Math.max(...causes.map(({ id }) => id.length)) + 2;
  const narrow = columns < width + 30;
  return causes
    .flatMap(({ id, title }) =>
      narrow
        ? [id, ...paragraph('    ', title, columns).map(textOf)]
        : paragraph(id.padEnd(width), title, columns).map(textOf),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function explained(id: string, title: string, explain: string, columns: number): string {
  const paragraphs = explain.split('\n\n').map((one) => wrapText(one, columns).join('\n'));
  return `${[...wrapText(`${title} (${id})`, columns), '', paragraphs.join('\n\n')].join('\n')}\n`;
}
