/** The recipes, and what a recipe of one's own can be made of. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecipe } from '../../src/guide/lint.ts';
import type { Recipe } from '../../src/guide/recipe.ts';
import { questionKinds, verbs } from '../../src/guide/registry.ts';
import { code, joined, NOTE, table } from './markdown.ts';

const folder = join(import.meta.dirname, '../../recipes');

const recipes = (): Recipe[] =>
  readdirSync(folder)
    .sort()
    .map((file) => readRecipe(file, readFileSync(join(folder, file), 'utf8')).recipe!);

export const recipesPage = (): string =>
  joined([
    '# Recipes',
    NOTE,
    '`netdoctor setup RECIPE` asks, explains each step, runs it, and proves the result by real traffic; `--dry-run` prints a shell script that does the same; `netdoctor undo` takes the whole of it down.',
    table(
      ['recipe', 'builds'],
      recipes().map(({ name, title }) => [`[\`${name}\`](#${name})`, title]),
    ),
    ...recipes().flatMap(recipePart),
    '## Recipes of your own',
    'A recipe is a YAML file: below `$XDG_CONFIG_HOME/netdoctor/recipes` or `/etc/netdoctor/recipes` it is found by its name, elsewhere by `--recipe FILE`. `netdoctor setup lint FILE` says what is wrong with it. Its commands are shown before anything is run. It has a `title`, a `why`, a `picture`, questions (`asks`), `steps`, and what must hold afterwards (`holds`).',
    'A text may speak of answers: `$bridge`, `$subnet.gateway`, `$' +
      '{bridge}` where a dot follows. `each: {c: containers}` repeats a step for every container, which is `$c` there; `when: how=route` does it only after that answer.',
    '### Steps',
    table(
      ['do', 'does', 'takes'],
      [...verbs.values()].map(({ name, does, params }) => [
        `\`${name}\``,
        does,
        words(Object.keys(params.shape)),
      ]),
    ),
    '### Questions',
    table(
      ['type', 'asks for', 'takes'],
      [...questionKinds.values()].map(({ name, does, params }) => [
        `\`${name}\``,
        does,
        words(Object.keys(params.shape)),
      ]),
    ),
  ]);

const words = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ');

const recipePart = ({ name, title, why, picture, asks }: Recipe): string[] => [
  `## ${name}`,
  `**${title}.** ${why.trim()}`,
  code(picture.trimEnd()),
  table(
    ['answer', 'question'],
    Object.entries(asks).map(([answer, { ask }]) => [`\`${answer}\``, ask]),
  ),
  code(`netdoctor setup ${name}`),
];
