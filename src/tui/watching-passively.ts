/** A watch of a conversation that sends nothing, told in lines. */
import { oneFile } from '../capture/save/one-file.ts';
import type { Machine } from '../host/machine.ts';
import { paragraph } from '../output/line/wrap.ts';
import type { Surroundings } from '../repl/surroundings.ts';
import type { PassiveEvent } from '../watch/passive/question.ts';
import { watchPassively } from '../watch/passive/run.ts';
import { beginningText, endText, troubleText } from '../watch/passive/text.ts';
import type { Kind } from '../watch/passive/trouble.ts';
import { rowsOf } from './watch-lines.ts';

export const watchingPassivelyOn =
  (machine: Machine): Surroundings['watch'] =>
  async ({ question: { target, wait, trace }, file }, { columns }, onLines, signal) => {
    const troubles = new Map<Kind, number>();
    let spots: Extract<PassiveEvent, { type: 'listening' }>['spots'] = [];
    const ended = await watchPassively(
      machine,
      { target, wait, trace, duration: null, into: oneFile(file, machine) },
      (event) => {
        if (event.type === 'listening') {
          spots = event.spots;
          onLines(paragraph('', beginningText(target, spots), columns));
          return;
        }
        const { trouble } = event;
        troubles.set(trouble.kind, (troubles.get(trouble.kind) ?? 0) + 1);
        onLines(paragraph('', troubleText(trouble, spots), columns));
      },
      signal,
    );
    return rowsOf(endText(troubles, ended, columns));
  };
