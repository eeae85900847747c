import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { offeredRecipes, recipeNamed } from '../../src/guide/shelf.ts';
import { localMachine } from '../../src/host/local.ts';
import type { Machine } from '../../src/host/machine.ts';

let folder: string;
let machine: Machine;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netdoctor-shelf-'));
  mkdirSync(join(folder, 'netdoctor/recipes'), { recursive: true });
  machine = { ...localMachine(), env: { XDG_CONFIG_HOME: folder } };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, 'netdoctor/recipes', name), text);
const OWN = `
title: A namespace
why: To see.
picture: red
asks: {c: {type: container, ask: Which?}}
steps: [{do: netns, name: $c, why: Because.}]
`;

it('offers the simple ones first, and those without a place behind them', () => {
  write('a-mine.yaml', OWN);
  const names = offeredRecipes(machine).map(({ name }) => name);
  expect(names.slice(0, 4)).toEqual(['veth-direct', 'bridge-isolated', 'bridge-host', 'bridge-nat']);
  expect(names.at(-1)).toBe('a-mine');
  expect(offeredRecipes(machine).at(-1)).toMatchObject({ own: false, recipe: { title: 'A namespace' } });
});

it('says what is wrong with one, and offers the others', () => {
  write('broken.yaml', 'title: [');
  write('mine.yml', OWN);
  const offered = offeredRecipes(machine);
  expect(offered.find(({ name }) => name === 'broken')).toMatchObject({
    recipe: null,
    fault: expect.stringMatching(/broken\.yaml is no recipe: line 1/),
  });
  expect(offered.filter(({ recipe }) => recipe === null)).toHaveLength(1);
  expect(offered.some(({ name }) => name === 'mine')).toBe(true);
});

it("never takes somebody's recipe in the place of one of netdoctor's own", () => {
  write('bridge-nat.yaml', OWN);
  expect(recipeNamed(machine, 'bridge-nat')).toMatchObject({ own: true });
});
