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
  does: 'explains a cause, or a reason of the kernel for a drop, in plain words; without one, lists all causes',
  examples: ['netdoctor explain ip-forward-off', 'netdoctor explain IP_LOCALNET'],
  overdue: 'unasked',
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
    const drop = cause ? undefined : await dropNamed(id);
    if (drop) {
      const said = options.json
        ? jsonText({ schema: 'netdoctor/drop/1', ...drop })
        : explained('The kernel drops a packet', drop.id, drop.explain, Math.min(screen.columns, PROSE));
      screen.out(said);
      return 0;
    }
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

/** A reason of the kernel's list, or a function where it names none: `IP_LOCALNET`, `ip_error`. */
async function dropNamed(word: string): Promise<{ id: string; explain: string } | undefined> {
  const { dropMeanings, meaningInWords } = await import('../../kernel/drop-reason.ts');
  const id = [word, word.toUpperCase().replace(/^SKB_DROP_REASON_/, '')].find((one) =>
    Object.hasOwn(dropMeanings, one),
  );
  return id === undefined ? undefined : { id, explain: meaningInWords(dropMeanings[id]!) };
}

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
