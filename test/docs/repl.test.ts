import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reference } from '../../src/repl/reference.ts';
import { commands } from '../../src/repl/registry.ts';

const file = `${import.meta.dirname}/../../docs/repl.md`;
const BEGIN = '<!-- made from the program: npx vitest run test/docs -u -->';
const END = '<!-- end -->';

test('docs/repl.md has the commands, keys and settings of the program', async () => {
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  expect(after).toBeDefined();
  await expect(`${before}${BEGIN}\n\n${reference(commands)}\n\n${END}${after}`).toMatchFileSnapshot(file);
});
