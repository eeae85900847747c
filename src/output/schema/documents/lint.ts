import { z } from 'zod';
import { document } from '../document.ts';

export const lint = z.object({
  schema: z.literal('netdoctor/lint/1'),
  file: z.string(),
  faults: z.array(z.string()).describe('each a line: where, and what; empty for a good recipe'),
});

export default document({ name: 'lint', about: 'netdoctor setup lint FILE --json', schema: lint });
