/** Where recipes lie: netdoctor's own, and those of the machine's owner. */

import type { Machine } from '../host/machine.ts';
import { wrongCall } from '../model/failure.ts';
import { shelf } from './folders.ts';
import { readRecipe } from './lint.ts';
import type { Recipe } from './recipe.ts';

export { type Shelved, shelf } from './folders.ts';

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
