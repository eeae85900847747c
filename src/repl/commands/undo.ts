import { type Line, row } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { driftLines } from '../../repair/drift.ts';
import type { Undone } from '../../repair/undo.ts';
import { plain } from '../../words/text.ts';
import { command, type Desk, READ_ONLY, say, wrong } from '../command.ts';

const FORCE = '--force';

function lines(undone: Undone, { columns, glyphs }: Desk): Line[] {
  const title = plain(undone.entry.title);
  switch (undone.kind) {
    case 'undone':
      return paragraph(`${glyphs.good} `, `Taken back: ${title}.`, columns, 'good');
    case 'nothing':
      return paragraph('  ', `Nothing of "${title}" stands any more: ${plain(undone.because)}.`, columns);
    case 'drift':
      return [
        ...paragraph(
          `${glyphs.unsure} `,
          `Somebody else has changed the same thing since "${title}". Nothing was changed.`,
          columns,
          'warn',
        ),
        ...undone.drifts.flatMap((drift) => driftLines(drift).map((text) => row(`  ${plain(text)}`))),
        ...paragraph(
          '  ',
          `undo ${undone.entry.id} ${FORCE} takes back netdoctor's part all the same.`,
          columns,
        ),
      ];
    default:
      return paragraph(
        `${glyphs.bad} `,
        `"${title}" could not be taken back: ${plain(undone.because)}.`,
        columns,
        'bad',
      );
  }
}

export default command({
  name: 'undo',
  usage: '[id] [--force]',
  group: 'host',
  does: 'takes back what netdoctor has changed on this host',
  more: 'Without an id it is the newest change. `--force` takes it back although somebody else has changed the same thing since.',
  slots: () => [{ words: [FORCE] }],
  async run(words, desk) {
    const force = words.some(({ text }) => text === FORCE);
    const id = words.slice(1).find(({ text }) => text !== FORCE)?.text ?? null;
    if (desk.defaults.readOnly) return wrong(-1, READ_ONLY, 'In a shell: netdoctor undo');
    const undone = await desk.around.undo(id, force);
    if (undone !== null) return say(lines(undone, desk));
    return id === null
      ? say(paragraph('', 'Nothing that netdoctor has changed stands on this host.', desk.columns, 'dim'))
      : wrong(1, `The journal has no entry "${id}".`, 'Type: undo');
  },
});
