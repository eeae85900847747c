import { z } from 'zod';
import { document } from '../document.ts';

const networkInterface = z.object({
  name: z.string(),
  kind: z.string(),
  ifindex: z.int(),
  addresses: z.array(z.string()).describe('with prefix length'),
});

export const containers = z.object({
  schema: z.literal('netdoctor/containers/1'),
  containers: z.array(
    z.object({
      runtime: z.string(),
      name: z.string(),
      id: z.string().nullable(),
      state: z.string(),
      pid: z.int().nullable(),
      addresses: z.array(z.string()).describe('as the runtime knows them'),
      networks: z.array(z.string()),
      interfaces: z
        .array(networkInterface)
        .describe('as the kernel knows them; empty where it may not be asked'),
    }),
  ),
  silent: z.array(z.string()).describe('what could not be asked, and why'),
});

export default document({ name: 'containers', about: 'netdoctor containers --json', schema: containers });
