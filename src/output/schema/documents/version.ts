import { z } from 'zod';
import { document } from '../document.ts';

const native = z.object({
  name: z.string().describe('koffi, libpcap, cap'),
  version: z.string().nullable().describe('null where it cannot be loaded'),
  because: z.string().nullable(),
});

const ability = z.object({
  name: z.string().describe('namespaces, captures, tracepoints, rules, …'),
  does: z.string(),
  able: z.boolean(),
  says: z.string().describe('a version or the like; where it is not able, why'),
  get: z.string().nullable().describe('the line that gets it; null where nothing that is installed would'),
});

export const version = z.object({
  schema: z.literal('netdoctor/version/1'),
  version: z.string(),
  node: z.string(),
  kernel: z.string(),
  architecture: z.string(),
  engine: z.string().describe('what captures'),
  native: z.array(native),
  abilities: z.array(ability),
});

export default document({
  name: 'version',
  about: 'netdoctor --version --json',
  schema: version,
});
