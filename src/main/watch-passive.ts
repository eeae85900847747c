/** `watch --passive`: the target's own traffic, told as lines, as lines of JSON, or as one document. */
import { wrongCall } from '../model/failure.ts';
import { jsonLine, jsonText } from '../output/json.ts';
import { passiveDocument, troubleOf } from '../watch/passive/document.ts';
import type { PassiveEvent } from '../watch/passive/question.ts';
import { watchPassively } from '../watch/passive/run.ts';
import { beginningText, endText, troubleText } from '../watch/passive/text.ts';
import type { Kind } from '../watch/passive/trouble.ts';
import type { Context } from './context.ts';
import { intoOf } from './watch-file.ts';

/** What is about probes, and none is sent. */
const OF_PROBES = ['to', 'proto', 'name'] as const;

/** Resolves with the exit code: 1 where anything went wrong. @throws Failure */
export async function reportPassive(
  { options, screen, signal, machine: load }: Context,
  target: string,
): Promise<number> {
  const one = OF_PROBES.find((name) => options[name] !== undefined);
  if (one)
    throw wrongCall(
      'no-probes',
      `--${one} is about probes, and --passive sends none.`,
      `Leave out --${one}, or --passive`,
    );
  const troubles = new Map<Kind, number>();
  const from = Date.now();
  let spots: Extract<PassiveEvent, { type: 'listening' }>['spots'] = [];
  const machine = await load();
  const asked = {
    target,
    wait: Number(options.wait),
    duration: options.duration === undefined ? null : Number(options.duration),
    trace: options.trace !== false,
    into: intoOf(options, machine),
  };
  const ended = await watchPassively(
    machine,
    asked,
    (event) => {
      if (event.type === 'listening') {
        spots = event.spots;
        screen.err(beginningText(target, spots));
        return;
      }
      const { trouble } = event;
      troubles.set(trouble.kind, (troubles.get(trouble.kind) ?? 0) + 1);
      if (options.ndjson) screen.out(jsonLine(troubleOf(trouble, spots)));
      else if (!options.json) screen.out(troubleText(trouble, spots));
    },
    signal,
  );
  if (options.json || options.ndjson) {
    const document = passiveDocument(target, troubles, ended, { from, until: Date.now() });
    screen.out(options.json ? jsonText(document) : jsonLine(document));
  } else screen.out(endText(troubles, ended, screen.columns));
  // An interrupted one has something to say too.
  await screen.flushed(AbortSignal.timeout(1000));
  if (ended.because) return 3;
  return troubles.size > 0 ? 1 : 0;
}
