import { z } from 'zod';
import { document } from '../document.ts';

export const causes = z.object({
  schema: z.literal('netdoctor/causes/1'),
  causes: z.array(z.object({ id: z.string(), title: z.string() })),
});

export default document({ name: 'causes', about: 'netdoctor explain --json', schema: causes });
