import { z } from 'zod';

const change = z.union([
  z.object({ run: z.array(z.string()).describe('an argument list; in a namespace it begins with nsenter') }),
  z.object({
    file: z.string(),
    before: z.string().nullable().describe('null: there is no such file'),
    after: z.string().nullable().describe('null: the file is removed'),
    mode: z.string(),
  }),
]);

const fix = z.object({
  id: z.string(),
  title: z.string(),
  risk: z.enum(['safe', 'disruptive', 'dangerous']),
  lasts: z.string(),
  affects: z.string().nullable().describe('what else on this host it touches'),
  confirm: z.string().nullable().describe('what a person must type for a dangerous one'),
  apply: z.array(change),
  undo: z.array(change),
  persist: z.array(change),
});

/** Something that is wrong. */
export const finding = z.object({
  cause: z.string(),
  severity: z.enum(['fatal', 'warning', 'note']),
  what: z.string(),
  why: z.string(),
  do: z.string(),
  owner: z.string().nullable(),
  fixes: z.array(fix),
});
