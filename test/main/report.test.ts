import { describe, expect, it } from 'vitest';
import { tell } from '../../src/main/report.ts';
import type { Event } from '../../src/model/event.ts';
import type { Question } from '../../src/model/question.ts';
import { USUAL } from '../../src/model/question.ts';
import { diagnosis, story } from '../repl/fixture/forwarding-off.ts';
import { bareScreen } from './bare-screen.ts';

async function* events(): AsyncGenerator<Event> {
  yield* story;
}

async function told(
  as: 'text' | 'json' | 'ndjson',
  about: { redact?: boolean; all?: boolean; question?: Question } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const screen = bareScreen(
    (text) => void out.push(text),
    (text) => void err.push(text),
  );
  const { signal } = new AbortController();
  const last = await tell({ screen, signal, as, all: false, redact: false, ...about }, events());
  expect(err).toEqual([]);
  return { out, text: out.join(''), last };
}

describe('one run', () => {
  it('as text is written once, at its end', async () => {
    const { out, last } = await told('text');
    expect(out).toHaveLength(1);
    expect(out[0]).toContain('✗ forwarding');
    expect(last.cause).toBe('ip-forward-off');
  });

  it('as text begins with what is asked, as soon as that is settled, and is the same text', async () => {
    const question = { ...USUAL, target: 'web', to: '198.51.100.1' };
    const { text } = await told('text');
    const settled = await told('text', { question });
    expect(settled.out).toEqual([
      expect.stringMatching(/^web → 198\.51\.100\.1 {3}icmp.*\n$/),
      expect.stringMatching(/^\n/),
    ]);
    expect(settled.text).toBe(text);
    expect((await told('text', { question: { ...question, usual: true } })).out).toEqual([text]);
    const [title, rest] = (await told('text', { question, redact: true })).out;
    expect(title).toMatch(/^container-1 → \S+ {3}icmp.*\n$/);
    expect(rest).toMatch(/^\n/);
  });

  it('as JSON is one document and nothing else', async () => {
    const { text } = await told('json');
    expect(JSON.parse(text)).toMatchObject({ schema: 'netdoctor/diagnosis/1', cause: 'ip-forward-off' });
  });

  it('as NDJSON is a line an event, as it happens', async () => {
    const { out } = await told('ndjson');
    expect(out).toHaveLength(story.length);
    expect(JSON.parse(out.at(-1)!)).toMatchObject({ schema: 'netdoctor/diagnosis/1' });
  });

  it('redacted says nobody’s name in any form', async () => {
    for (const as of ['text', 'json', 'ndjson'] as const) {
      const { text } = await told(as, { redact: true });
      expect(text, as).not.toMatch(/\bweb\b|198\.51\.100\.1|97ac0d6d/);
      expect(text, as).toContain('container-1');
    }
  });

  it('with everything shows the captures too', async () => {
    expect((await told('text')).text).not.toContain(diagnosis.evidence[0]!.says);
    expect((await told('text', { all: true })).text).toContain(diagnosis.evidence[0]!.says);
  });
});

it('a run that ends without a verdict is no verdict', async () => {
  const screen = bareScreen(
    () => {},
    () => {},
  );
  const none = (async function* (): AsyncGenerator<Event> {})();
  const { signal } = new AbortController();
  await expect(tell({ screen, signal, as: 'json', all: false, redact: false }, none)).rejects.toThrow(
    /without a diagnosis/,
  );
});
