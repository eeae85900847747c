import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { FLOORS, ROOMS } from '../architecture/rooms.ts';
import { architecturePage } from './architecture-page.ts';

const root = join(import.meta.dirname, '../..');
const page = architecturePage();

it('draws every room on its floor', () => {
  const floors = [...page.matchAll(/^ ?(\d+) │ (.+?) +│/gm)].map(([, , rooms]) => rooms!.split(/ +/));
  expect(floors.toReversed()).toEqual(FLOORS.map((rooms) => rooms.map(({ name }) => name)));
});

it('names only what is there: files, folders, and a folder for each NAME', () => {
  const named = [...page.matchAll(/`((?:src|test|docs|recipes)\/[^`]*)`/g)].map(([, path]) => path!);
  const places = named.map((path) => (/\b[A-Z]+\.(ts|yaml)$/.test(path) ? dirname(path) : path));
  expect(named.length).toBeGreaterThan(ROOMS.length);
  expect(places.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('names every folder that is a registry', () => {
  const src = join(root, 'src');
  const registries = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(src, file), 'utf8');
      return [...text.matchAll(/import\.meta\.glob<[^(]*\('([^']+)\/\*\.ts'/g)].map(([, folder]) =>
        join('src', dirname(file), folder!),
      );
    });
  expect(registries.length).toBeGreaterThan(10);
  expect(registries.filter((folder) => !page.includes(`\`${folder}`))).toEqual([]);
});
