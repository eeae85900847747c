import { z } from 'zod';
import { document } from '../document.ts';

export const recipes = z.object({
  schema: z.literal('netdoctor/recipes/1'),
  recipes: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      file: z.string(),
      own: z.boolean().describe("netdoctor's own, or somebody else's"),
    }),
  ),
});

export default document({ name: 'recipes', about: 'netdoctor setup list --json', schema: recipes });
