import { z } from 'zod';
import { document } from '../document.ts';

export const drop = z.object({
  schema: z.literal('netdoctor/drop/1'),
  id: z.string().describe("a reason of the kernel's list, or a function that names none"),
  explain: z
    .string()
    .describe('what the kernel checks there, what decides it, who sets it and what mends it'),
});

export default document({ name: 'drop', about: 'netdoctor explain REASON --json', schema: drop });
