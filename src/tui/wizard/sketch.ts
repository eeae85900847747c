/** A recipe's picture before anything is answered: a name stands for its answer. */
import type { Recipe } from '../../guide/recipe.ts';
import { plainDrawing } from './drawing.ts';

const REFERENCE = /\$\{?([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?\}?/g;

/** What an answer is called, or its usual value where the recipe has one. */
function word({ asks }: Recipe, name: string, part: string | undefined): string {
  const asked = asks[name];
  if (part !== undefined) return part;
  if (asked?.type === 'device') return 'eth0';
  return typeof asked?.default === 'string' ? asked.default : name.replaceAll('_', ' ');
}

/** Lines of the picture; what stands at the beginning of a line keeps its width, on which the lines below rely. */
export const sketchOf = (recipe: Recipe, ascii: boolean): readonly string[] =>
  recipe.picture
    .trimEnd()
    .split('\n')
    .map((line, _, lines) =>
      line.replace(REFERENCE, (found, name: string, part: string | undefined, at: number) => {
        const said = word(recipe, name, part);
        return at === 0 && lines.length > 1 ? said.padEnd(found.length) : said;
      }),
    )
    .map((line) => (ascii ? plainDrawing(line) : line));
