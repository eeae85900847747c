import { z } from 'zod';
import { document } from '../document.ts';

export const keep = z.object({
  schema: z.literal('netdoctor/keep/1'),
  kept: z.array(z.object({ id: z.string(), title: z.string() })),
  unreadable: z.array(z.object({ file: z.string(), because: z.string() })),
});

export default document({ name: 'keep', about: 'netdoctor keep --json', schema: keep });
