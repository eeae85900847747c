import { expect, test } from 'vitest';
import { asciiLine } from '../../../src/output/line/ascii.ts';
import { span, textOf } from '../../../src/output/line/span.ts';

test('writes netdoctor’s own signs in ASCII, and leaves names as they are', () => {
  const line = [span('10.0.0.2 → 10.0.0.1', 'strong'), span(' of “bücher-漢”…')];
  expect(textOf(asciiLine(line))).toBe('10.0.0.2 -> 10.0.0.1 of "bücher-漢"~');
  expect(asciiLine(line)[0]!.tone).toBe('strong');
});
