import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { causes } from '../../src/causes.ts';
import { questionKinds } from '../../src/guide/registry.ts';
import { commands } from '../../src/main/registry.ts';
import { pages } from './pages.ts';
import { MEANINGS } from './recipes-page.ts';

const root = join(import.meta.dirname, '../..');
const [commandsPage, causesPage] = pages();

describe.each(pages().map((page) => [page.file, page] as const))('%s', (file, { text }) => {
  it('says what the program says (npm run reference writes it anew)', () => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(readFileSync(join(root, file), 'utf8')).toBe(text);
  });

  it('is text that a page can show', () => {
    expect(text).not.toMatch(/undefined|\[object|\n{3}/);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

it('names every command with its options, and none that is netdoctor’s own', () => {
  for (const { name, options, hidden } of commands) {
    expect(commandsPage!.text.includes(`## \`netdoctor ${name}`), name).toBe(!hidden);
    if (!hidden) for (const { long } of options) expect(commandsPage!.text, long).toContain(long);
  }
});

it('names every cause', () => {
  for (const { id, title } of causes) expect(causesPage!.text).toContain(`## ${id}\n\n**${title}.**`);
});

it('explains every word that a question takes', () => {
  const taken = [...questionKinds.values()].flatMap(({ params }) => Object.keys(params.shape));
  expect([...new Set(taken)].filter((name) => !(name in MEANINGS))).toEqual([]);
  expect(Object.keys(MEANINGS).filter((name) => !taken.includes(name))).toEqual([]);
});
