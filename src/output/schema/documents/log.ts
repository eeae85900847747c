import { z } from 'zod';
import { document } from '../document.ts';

const state = z.record(z.string(), z.string()).nullable();

const change = z.union([
  z.object({
    run: z.object({
      argv: z.array(z.string()),
      in: z.object({ inode: z.int(), path: z.string() }).optional(),
    }),
  }),
  z.object({
    file: z.string(),
    before: z.string().nullable(),
    after: z.string().nullable(),
    mode: z.string(),
  }),
]);

export const entry = z.object({
  schema: z.literal('netdoctor/journal/1'),
  id: z.string(),
  when: z.string().describe('ISO 8601'),
  boot: z.string(),
  hostNamespace: z.int(),
  pid: z.int(),
  title: z.string(),
  cause: z.string().nullable(),
  target: z.string().nullable(),
  risk: z.enum(['safe', 'disruptive', 'dangerous']),
  lasts: z.string(),
  status: z.enum(['pending', 'applied', 'verified', 'undoing', 'undone', 'failed', 'stuck']),
  changes: z.array(
    z.object({
      apply: change,
      what: z.string().nullable().describe('the thing touched'),
      before: state,
      expected: state.describe('what could be said before it was made'),
      after: state,
      status: z.enum(['pending', 'applied', 'failed', 'undone']),
    }),
  ),
  undo: z.array(change),
  rollback: z.object({ seconds: z.number(), at: z.string(), kept: z.boolean() }).nullable(),
  notes: z.array(z.string()),
});

export const log = z.object({
  schema: z.literal('netdoctor/log/1'),
  entries: z.array(entry).describe('oldest first'),
  unreadable: z.array(z.object({ file: z.string(), because: z.string() })),
});

export default document({ name: 'log', about: 'netdoctor log --json', schema: log });
