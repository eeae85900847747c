import { z } from 'zod';
import { document } from '../document.ts';

export const faults = z.object({
  schema: z.literal('netdoctor/faults/1'),
  faults: z.array(z.object({ id: z.string(), title: z.string() })),
});

export default document({ name: 'faults', about: 'netdoctor demo list --json', schema: faults });
