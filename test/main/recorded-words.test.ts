import { expect, it } from 'vitest';
import { recordedWords } from '../../src/main/recorded-words.ts';

it.each([
  [
    ['web', '--save', 'web.pcapng', '--json'],
    ['web', '--json'],
  ],
  [['--save=web.pcapng', 'web'], ['web']],
  [
    ['web', '--record', 'x'],
    ['web', '--record', 'x'],
  ],
])('of %j a saved diagnosis keeps %j', (words, kept) => {
  expect(recordedWords(words, '--save')).toEqual(kept);
});
