/** Every command of the conversation, and every picture, over a case whose every name and text was written by a stranger. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { ascii, unicode } from '../../src/output/glyphs.ts';
import { type Line, textOf } from '../../src/output/line/span.ts';
import { markdownOf } from '../../src/output/markdown.ts';
import { follow, newRun, type Run } from '../../src/output/run.ts';
import { textOfRun } from '../../src/output/text.ts';
import { commands } from '../../src/repl/registry.ts';
import { plain } from '../../src/words/text.ts';
import { enter, quiet } from './desk.ts';
import { story } from './fixture/forwarding-off.ts';

const EVIL = [
  '\u001b]0;T\u0007',
  '\u009d0;P\u009c',
  '\u202e',
  '\u200b',
  '\u001b[31m',
  '\u0000',
  '\u2028',
  '\u{e0041}',
];

/** Words that the program itself decides by. */
const OURS =
  /^(type|status|direction|where|kind|severity|risk|witness|engine|family|proto|hook|id|cause|from|schema|hop|at)$/;

/** The same value with something hostile in every text that is not the program's own. */
function spoiled<T>(value: T, evil: string, key = ''): T {
  if (typeof value === 'string') return (OURS.test(key) ? value : `${value}${evil}x`) as T;
  if (Array.isArray(value)) return value.map((one) => spoiled(one, evil, key)) as T;
  if (value === null || typeof value !== 'object' || value instanceof Map || value instanceof Set)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, spoiled(one, evil, name)]),
  ) as T;
}

const runOf = (evil: string): Run =>
  (story as readonly Event[]).map((event) => spoiled(event, evil)).reduce(follow, newRun);

const expectPrintable = (text: string): void => expect(text.split('\n').map(plain).join('\n')).toBe(text);

describe.each(EVIL.map((evil) => [JSON.stringify(evil), evil] as const))('with %s everywhere', (_, evil) => {
  const last = runOf(evil);

  it.each([40, 80, 130, 200])('the text of %i columns is printable', (columns) => {
    for (const glyphs of [unicode, ascii])
      for (const all of [true, false]) expectPrintable(textOfRun(last, { columns, glyphs, all }));
    expectPrintable(markdownOf(last.diagnosis!, []));
  });

  it.each(commands.map(({ name }) => name))('%s answers in printable lines', async (name) => {
    const around = {
      ...quiet,
      targets: async () => spoiled(await quiet.targets(), evil),
      inventory: async () => spoiled(await quiet.inventory(), evil),
      recipes: () => spoiled(quiet.recipes(), evil),
    };
    for (const words of ['', ' 1', ' 2', ` ${evil}`, ' all'])
      for (const columns of [60, 130]) {
        const outcome = await enter(`${name}${words}`, { last, size: { columns, rows: 40 } }, around);
        const lines: readonly Line[] = 'lines' in outcome ? outcome.lines : [];
        for (const line of lines) expectPrintable(textOf(line));
      }
  });
});

it('the case is spoiled', () => {
  fc.assert(
    fc.property(fc.constantFrom(...EVIL), (evil) =>
      JSON.stringify(runOf(evil)).includes(JSON.stringify(evil).slice(1, -1)),
    ),
  );
});
