import { z } from 'zod';
import { document } from '../document.ts';

export const error = z.object({
  schema: z.literal('netdoctor/error/1'),
  code: z.string().describe('stable: unknown-target, no-permission, …'),
  message: z.string(),
  hint: z.string().describe('what to type instead'),
});

export default document({
  name: 'error',
  about: 'every call with --json or --ndjson that ends with exit code 2 or 3 before there is a verdict',
  schema: error,
});
