/** A repair as it is told: what will be done, what came of it. */

import type { Glyphs } from '../../output/glyphs.ts';
import { type Line, row } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { preview } from '../../repair/preview.ts';
import type { RepairEvent } from '../../repair/request.ts';
import { plain } from '../../words/text.ts';

export function repairLines(event: RepairEvent, columns: number, glyphs: Glyphs): Line[] {
  switch (event.type) {
    case 'offer': {
      const [title = '', ...rest] = preview(event.offer.fix, event.extra);
      return [
        ...paragraph('', plain(title), columns, 'strong'),
        // Words are indented; what can be copied stands in column 0, and is never broken.
        ...rest.flatMap((text) =>
          text.startsWith('  ') ? paragraph('  ', text.trim(), columns, 'dim') : [row(text, 'accent')],
        ),
      ];
    }
    case 'refused':
      return paragraph(
        `${glyphs.unsure} `,
        `Fix ${event.offer.fix.id} is not made: ${plain(event.because)}.`,
        columns,
        'warn',
      );
    case 'applied':
      return [
        row('Made. Asking the same question again.', 'dim'),
        ...(event.entry.rollback
          ? paragraph(
              '',
              `It is taken back ${event.entry.rollback.seconds} s after it was made, unless you type: keep`,
              columns,
              'warn',
            )
          : []),
        [],
      ];
    case 'failed':
      return paragraph(
        `${glyphs.bad} `,
        `It failed, and was taken back: ${plain(event.because)}.`,
        columns,
        'bad',
      );
    case 'judged': {
      const states = `${event.before.status} before, ${event.after.status} after`;
      const [mark, says, tone] = event.kept
        ? ([glyphs.good, `It helped: ${states}. "undo" takes it back.`, 'good'] as const)
        : ([
            glyphs.bad,
            event.because
              ? `It was taken back (${states}): ${plain(event.because)}.`
              : `It did not help (${states}) and was taken back.`,
            'bad',
          ] as const);
      return [...paragraph(`${mark} `, says, columns, tone), []];
    }
    case 'returned':
      return paragraph(
        '',
        'It still does not work, so what was kept on the way has been taken back.',
        columns,
        'warn',
      );
    case 'persist-note':
      return paragraph('  ', plain(event.says), columns, 'dim');
  }
}
