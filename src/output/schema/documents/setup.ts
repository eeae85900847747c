import { z } from 'zod';
import { document } from '../document.ts';

const command = z.array(z.string()).describe('an argument list, never a shell string');

export const setup = z.object({
  schema: z.literal('netdoctor/setup/1'),
  recipe: z.string(),
  title: z.string(),
  status: z.enum(['done', 'planned', 'not-proved', 'failed', 'unwound', 'quit', 'stuck']),
  answers: z.record(z.string(), z.string()),
  steps: z.array(
    z.object({
      title: z.string(),
      why: z.string(),
      state: z.enum(['planned', 'already', 'running', 'done', 'skipped', 'failed', 'undone']),
      because: z.string().nullable(),
      commands: z.array(command),
      undo: z.array(command).describe('in the order in which they are run'),
    }),
  ),
  proof: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      proto: z.string(),
      wanted: z.enum(['answered', 'silent']),
      found: z.enum(['answered', 'silent']).nullable().describe('null: it could not be tried'),
      holds: z.boolean(),
      says: z.string(),
    }),
  ),
  tells: z.array(z.string()).describe('what is to be known afterwards'),
  journal: z.string().nullable().describe('the number that netdoctor undo takes; null: nothing stands'),
  because: z.string().nullable(),
  hint: z.string().nullable(),
});

export default document({ name: 'setup', about: 'netdoctor setup RECIPE --json', schema: setup });
