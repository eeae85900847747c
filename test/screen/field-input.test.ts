import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fieldInput } from '../../src/tui/field-input.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What the field has been handed by now. */
function handed(stream: NodeJS.ReadStream): string {
  let text = '';
  for (let more = stream.read(); more !== null; more = stream.read()) text += String(more);
  return text;
}

test('a character waits until the one before it has been taken up, on however busy a machine', async () => {
  const { stream, feed, taken } = fieldInput();
  feed('ab');
  await vi.advanceTimersByTimeAsync(1000);
  expect(handed(stream)).toBe('a');
  taken();
  await vi.advanceTimersByTimeAsync(1);
  expect(handed(stream)).toBe('b');
});

test('a key that may change nothing is not waited for so long', async () => {
  const { stream, feed } = fieldInput();
  feed('\u007fb');
  await vi.advanceTimersByTimeAsync(200);
  expect(handed(stream)).toBe('\u007fb');
});
