import { z } from 'zod';

/** What a watch has written into files. */
export const saved = z
  .object({
    packets: z.int(),
    files: z.array(z.string()),
    refused: z.string().nullable().describe('why not all of it was written'),
  })
  .nullable();
