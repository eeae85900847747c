import { expect, test } from 'vitest';
import { paint } from '../../../src/output/line/paint.ts';
import { span } from '../../../src/output/line/span.ts';

const line = [span('ok', 'good'), span(' '), span('word', 'wrong')];

test('colours', () => {
  expect(paint(line, 'colour')).toBe('\u001b[32mok\u001b[39m \u001b[4mword\u001b[24m');
});

test('NO_COLOR takes the colour and leaves the underline', () => {
  expect(paint(line, 'no-colour')).toBe('ok \u001b[4mword\u001b[24m');
});

test('bare writes no sequence at all', () => {
  expect(paint(line, 'bare')).toBe('ok word');
});
