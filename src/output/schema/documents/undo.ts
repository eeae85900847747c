import { z } from 'zod';
import { document } from '../document.ts';

export const undo = z.object({
  schema: z.literal('netdoctor/undo/1'),
  changes: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      result: z
        .enum(['undone', 'nothing', 'foreign', 'drift', 'stuck'])
        .describe('drift: somebody else has changed the same thing, and nothing was taken back'),
      because: z.string().nullable(),
      drift: z.array(
        z.object({
          what: z.string(),
          differences: z.array(z.object({ name: z.string(), expected: z.string(), found: z.string() })),
        }),
      ),
    }),
  ),
});

export default document({ name: 'undo', about: 'netdoctor undo --json', schema: undo });
