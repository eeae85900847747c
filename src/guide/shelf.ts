/** Where recipes lie: netdoctor's own, and those of the machine's owner. */

import type { Machine } from '../host/machine.ts';
import { packageRoot } from '../host/package.ts';
import { wrongCall } from '../model/failure.ts';
import { readRecipe } from './lint.ts';
import type { Recipe } from './recipe.ts';

export interface Shelved {
  readonly name: string;
  readonly file: string;
  /** Netdoctor's own, or somebody else's. */
  readonly own: boolean;
}

const folders = ({ env }: Machine): readonly { folder: string; own: boolean }[] => [
  { folder: `${packageRoot()}/recipes`, own: true },
  { folder: '/etc/netdoctor/recipes', own: false },
  {
    folder: `${env.XDG_CONFIG_HOME || `${env.HOME ?? ''}/.config`}/netdoctor/recipes`,
    own: false,
  },
];

/** Every recipe by name; where two have one name, the nearer to the user wins. */
export function shelf(machine: Machine): readonly Shelved[] {
  const found = new Map<string, Shelved>();
  for (const { folder, own } of folders(machine)) {
    const names = machine.list(folder);
    for (const file of names.known ? names.value : []) {
      const name = /^(.+)\.ya?ml$/.exec(file)?.[1];
      if (name !== undefined) found.set(name, { name, file: `${folder}/${file}`, own });
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The recipe of that name. @throws Failure that lists what there is. */
export function recipeNamed(machine: Machine, name: string): { recipe: Recipe; own: boolean } {
  const all = shelf(machine);
  const found = all.find((one) => one.name === name);
  if (found) return { recipe: recipeIn(machine, found.file), own: found.own };
  throw wrongCall(
    'unknown-recipe',
    `There is no recipe called "${name}".`,
    `There is ${all.map((one) => one.name).join(', ')}.`,
  );
}

/** The recipe in a file. @throws Failure with everything that is wrong with it. */
export function recipeIn(machine: Machine, file: string): Recipe {
  const text = machine.read(file);
  if (!text.known)
    throw wrongCall('no-such-file', `The recipe ${file} cannot be read: ${text.detail}`, `ls -l ${file}`);
  const { recipe, faults } = readRecipe(file, text.value);
  if (recipe) return recipe;
  throw wrongCall(
    'bad-recipe',
    `${file} is no recipe: ${faults[0]}${faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''}`,
    `netdoctor setup lint ${file}`,
  );
}
