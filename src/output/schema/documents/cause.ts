import { z } from 'zod';
import { document } from '../document.ts';

export const cause = z.object({
  schema: z.literal('netdoctor/cause/1'),
  id: z.string(),
  title: z.string(),
  explain: z.string().describe('plain text, paragraphs by blank lines'),
});

export default document({ name: 'cause', about: 'netdoctor explain CAUSE --json', schema: cause });
