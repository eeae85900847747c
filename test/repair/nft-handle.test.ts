import { expect, it } from 'vitest';
import type { JournalChange } from '../../src/repair/journal/entry.ts';
import { withHandles } from '../../src/repair/nft-handle.ts';
import { lines } from './answers.ts';

const [apply] = lines('nft insert rule inet filter forward handle 7 accept');
const undo = lines(
  'nft -a list chain inet filter forward',
  'nft delete rule inet filter forward handle HANDLE',
);
const made = (about: Partial<JournalChange>): JournalChange => ({
  apply: apply!,
  what: null,
  before: { '?handles': '5\n7' },
  expected: null,
  after: { '?handles': '5\n12\n7' },
  status: 'applied',
  ...about,
});

it('names the handle that came with the change', () => {
  expect(withHandles(undo, [made({})])).toEqual(
    lines('nft -a list chain inet filter forward', 'nft delete rule inet filter forward handle 12'),
  );
});

it('leaves it open where no new one was seen, or in another chain', () => {
  expect(withHandles(undo, [made({ after: { '?handles': '5\n7' } })])).toEqual(undo);
  expect(withHandles(undo, [made({ after: null })])).toEqual(undo);
  const [elsewhere] = lines('nft insert rule inet filter input handle 7 accept');
  expect(withHandles(undo, [made({ apply: elsewhere! })])).toEqual(undo);
});
