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
  unreadable: z
    .array(z.object({ file: z.string(), because: z.string() }))
    .describe('entries that cannot be read: what they tell of may still stand, and the exit code is 1'),
});

export default document({ name: 'undo', about: 'netdoctor undo --json', schema: undo });
