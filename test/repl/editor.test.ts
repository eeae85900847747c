import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphemes } from '../../src/output/line/width.ts';
import { type Edit, type Editor, edit, emptyEditor, insert, lineOf, setLine } from '../../src/repl/editor.ts';

/** A line with `|` for the cursor. */
function line(text: string): Editor {
  const [before = '', after = ''] = text.split('|');
  return setLine(emptyEditor, before + after, before.length);
}

const shown = ({ before, after }: Editor): string => `${before}|${after}`;

const after = (text: string, ...actions: Edit[]): string => shown(actions.reduce(edit, line(text)));

test.each<[Edit, string, string]>([
  ['left', 'ab|c', 'a|bc'],
  ['left', '|abc', '|abc'],
  ['right', 'ab|c', 'abc|'],
  ['start', 'check we|b', '|check web'],
  ['end', 'ch|eck', 'check|'],
  ['word-left', 'check to 1.1.1.1|', 'check to 1.1.1.|1'],
  ['word-left', 'check  to  |', 'check  |to  '],
  ['word-right', '|check to', 'check| to'],
  ['word-right', 'check| to', 'check to|'],
  ['backspace', 'ab|c', 'a|c'],
  ['backspace', '|abc', '|abc'],
  ['delete', 'a|bc', 'a|c'],
  ['delete', 'abc|', 'abc|'],
  ['kill-to-end', 'check| to', 'check|'],
  ['kill-to-start', 'check| to', '| to'],
  ['kill-blank-word-left', 'check to 1.1.1.1|', 'check to |'],
  ['kill-blank-word-left', 'check to   |', 'check |'],
  ['kill-word-left', 'check to 1.1.1.1|', 'check to 1.1.1.|'],
  ['kill-word-right', '|check to', '| to'],
  ['transpose', 'ab|c', 'acb|'],
  ['transpose', 'abc|', 'acb|'],
])('%s: %s → %s', (action, from, to) => {
  expect(after(from, action)).toBe(to);
});

test('moves and deletes whole characters', () => {
  expect(after('👩‍👩‍👧|', 'left')).toBe('|👩‍👩‍👧');
  expect(after('x👩‍👩‍👧|', 'backspace')).toBe('x|');
  expect(after('e\u0301|', 'backspace')).toBe('|');
  expect(after('|🇩🇪🇫🇷', 'delete')).toBe('|🇫🇷');
});

test('characters that join do not leave the cursor inside', () => {
  const joined = insert(line('e|x'), '\u0301');
  expect(shown(joined)).toBe('e\u0301|x');
  expect(shown(insert(line('|\u0301'), 'e'))).toBe('e\u0301|');
});

test('what is cut in a row comes back as one', () => {
  expect(after('one two three|', 'kill-blank-word-left', 'kill-blank-word-left', 'yank')).toBe(
    'one two three|',
  );
  expect(after('one| two', 'kill-to-end', 'kill-to-start', 'yank')).toBe('one two|');
});

test('Alt-Y goes through what was cut before', () => {
  const cut = ['kill-word-right', 'end', 'kill-blank-word-left'] as const;
  expect(after('|one two', ...cut, 'yank')).toBe(' two|');
  expect(after('|one two', ...cut, 'yank', 'yank-older')).toBe(' one|');
  expect(after('|one two', ...cut, 'yank', 'yank-older', 'yank-older')).toBe(' two|');
  expect(after('|one two', ...cut, 'yank-older')).toBe(' |');
});

test('undo takes back the last changes, not the movements', () => {
  expect(after('one two|', 'kill-blank-word-left', 'start', 'undo')).toBe('one two|');
  expect(after('|', 'undo')).toBe('|');
});

test('whatever is typed, the cursor stands between characters and nothing is lost by moving', () => {
  const action = fc.constantFrom<Edit>(
    ...(['left', 'right', 'word-left', 'word-right', 'start', 'end', 'backspace', 'delete'] as const),
    ...(['kill-to-end', 'kill-to-start', 'kill-word-left', 'kill-word-right'] as const),
    ...(['kill-blank-word-left', 'yank', 'yank-older', 'transpose', 'undo'] as const),
  );
  const text = fc
    .string({ unit: 'grapheme', maxLength: 6 })
    .map((typed) => typed.replace(/[\u0000-\u001f]/g, ''));
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          action,
          text.map((typed) => ({ typed })),
        ),
        { maxLength: 40 },
      ),
      (inputs) => {
        let editor = emptyEditor;
        for (const input of inputs) {
          const before = editor;
          editor = typeof input === 'string' ? edit(editor, input) : insert(editor, input.typed);
          expect(graphemes(editor.before).length + graphemes(editor.after).length).toBe(
            graphemes(lineOf(editor)).length,
          );
          if (typeof input === 'string' && /^(left|right|word-left|word-right|start|end)$/.test(input)) {
            expect(lineOf(editor)).toBe(lineOf(before));
          }
        }
      },
    ),
  );
});
