import { z } from 'zod';
import { document } from '../document.ts';

const end = z.object({
  where: z.string().describe('host, or RUNTIME:NAME of a container'),
  name: z.string(),
  ifindex: z.int(),
  master: z.string().nullable().describe('the bridge it is a port of'),
  addresses: z.array(z.string()),
});

export const veth = z.object({
  schema: z.literal('netdoctor/veth/1'),
  pairs: z.array(
    z.object({
      container: end,
      found: z.enum(['one', 'ambiguous', 'none']),
      peers: z.array(end).describe('one, or all that would fit'),
    }),
  ),
  silent: z.array(z.string()).describe('what could not be asked, and why'),
});

export default document({ name: 'veth', about: 'netdoctor veth --json', schema: veth });
