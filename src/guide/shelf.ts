/** Where recipes lie: netdoctor's own, and those of the machine's owner. */

import type { Machine } from '../host/machine.ts';
import { Failure, wrongCall } from '../model/failure.ts';
import { shellLine } from '../words/text.ts';
import { type Shelved, shelf } from './folders.ts';
import { readRecipe } from './lint.ts';
import type { Recipe } from './recipe.ts';

export { type Shelved, shelf } from './folders.ts';

/** A recipe file with what is in it, or with what is wrong with it. */
export type Offered = Shelved &
  ({ readonly recipe: Recipe; readonly fault: null } | { readonly recipe: null; readonly fault: string });

/** Every recipe, the simple ones first. One that cannot be read hinders no other. */
export function offeredRecipes(machine: Machine): readonly Offered[] {
  const place = ({ recipe }: Offered): number => recipe?.order ?? Number.MAX_SAFE_INTEGER;
  return shelf(machine)
    .map((one) => offer(one, machine))
    .sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name));
}

function offer(one: Shelved, machine: Machine): Offered {
  try {
    return { ...one, recipe: recipeIn(machine, one.file), fault: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...one, recipe: null, fault: error.problem.message };
  }
}

/** The recipe of that name. @throws Failure that lists what there is. */
export function recipeNamed(machine: Machine, name: string): { recipe: Recipe; own: boolean; file: string } {
  const all = shelf(machine);
  const found = all.find((one) => one.name === name);
  if (found) return { recipe: recipeIn(machine, found.file), own: found.own, file: found.file };
  throw wrongCall(
    'unknown-recipe',
    `There is no recipe called "${name}".`,
    `There is ${all.map((one) => one.name).join(', ')}.`,
  );
}

/** The recipe in a file. @throws Failure with everything that is wrong with it. */
export function recipeIn(machine: Machine, file: string): Recipe {
  const text = machine.readForeign(file, { trusted: true });
  if (!text.known)
    throw wrongCall(
      'no-such-file',
      `The recipe ${file} cannot be read: ${text.detail}`,
      shellLine(['ls', '-l', file]),
    );
  const { recipe, faults } = readRecipe(file, text.value);
  if (recipe) return recipe;
  throw wrongCall(
    'bad-recipe',
    `${file} is no recipe: ${faults[0]}${faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''}`,
    shellLine(['netdoctor', 'setup', 'lint', file]),
  );
}
