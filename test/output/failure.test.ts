import { expect, it, test } from 'vitest';
import { parseEnd } from '../../src/model/ends.ts';
import { Failure, type Problem } from '../../src/model/failure.ts';
import { failureText } from '../../src/output/failure.ts';
import { ascii } from '../../src/output/glyphs.ts';

const problem = (about: Partial<Problem> = {}): Problem => ({
  exit: 3,
  code: 'remote-engine',
  message: 'The engine is on another machine. Its packets cannot be seen from here.',
  hint: 'ssh there sudo netdoctor web',
  ...about,
});

it('says what, why, and what to type', () => {
  expect(failureText(problem(), { columns: 80 })).toBe(
    [
      '✗ The engine is on another machine.',
      '  why   Its packets cannot be seen from here.',
      '  do    ssh there sudo netdoctor web',
      '',
    ].join('\n'),
  );
});

it('has no empty part', () => {
  const text = failureText(problem({ message: 'The target has no name.', hint: '' }), { columns: 80 });
  expect(text).toBe('✗ The target has no name.\n');
});

test.each(['/var/run/docker.sock: ENOENT.', 'example.com:http is no port.', 'See v1.2.3 of it.'])(
  'a full stop inside a word ends no sentence: %s',
  (message) => {
    expect(failureText(problem({ message, hint: '' }), { columns: 80 })).toBe(`✗ ${message}\n`);
  },
);

test.each([30, 40, 80])('wraps to %i columns', (columns) => {
  for (const line of failureText(problem(), { columns }).split('\n'))
    expect(line.length).toBeLessThanOrEqual(columns);
});

it('shows no control character, and ASCII where a terminal has no more', () => {
  const text = failureText(problem({ message: 'a\u001b[2Jb' }), { columns: 80, glyphs: ascii });
  expect(text.startsWith('x a[2Jb')).toBe(true);
  expect(text.replaceAll('\n', '')).toMatch(/^[ -~]*$/);
});

it.each(['a\u001b[2J:b:c', '\u009b2J:x:y', 'h\u202eost:80:90'])(
  'never shows a control character back: %j',
  (typed) => {
    let told: unknown;
    try {
      parseEnd(typed);
    } catch (error) {
      told = error;
    }
    expect(told).toBeInstanceOf(Failure);
    const text = failureText((told as Failure).problem, { columns: 80 });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  },
);
