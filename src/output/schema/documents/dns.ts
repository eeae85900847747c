import { z } from 'zod';
import { document } from '../document.ts';
import { lookUp } from '../look-up.ts';

export const dns = lookUp.extend({
  schema: z.literal('netdoctor/dns/1'),
  target: z.object({ runtime: z.string(), name: z.string() }),
});

export default document({ name: 'dns', about: 'netdoctor dns --json', schema: dns });
