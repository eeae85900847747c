import { z } from 'zod';

const library = z.enum(['glibc', 'musl']);

/** How a name is looked up, and what came of it. */
export const lookUp = z.object({
  name: z.string().describe('as it was typed'),
  library: library
    .nullable()
    .describe('the C library of the container; null: it cannot be told, both are shown'),
  files: z.array(z.object({ file: z.string(), found: z.boolean() })),
  servers: z.array(
    z.object({
      address: z.string(),
      what: z.string().nullable().describe('what it stands for: Docker’s embedded resolver, …'),
      upstreams: z.array(z.string()).describe('whom that one asks'),
    }),
  ),
  search: z.array(z.string()),
  ndots: z.int().nonnegative(),
  questions: z
    .array(
      z.object({
        server: z.string(),
        name: z.string(),
        type: z.enum(['A', 'AAAA']),
        transport: z.enum(['udp', 'tcp']),
        edns: z.boolean().describe('with an OPT record, as `options edns0` has it'),
        said: z
          .string()
          .describe('NOERROR, NXDOMAIN, …; silent; or the errno of a question that got nowhere'),
        truncated: z.boolean(),
        addresses: z.array(z.string()),
        milliseconds: z.number().nonnegative().nullable(),
      }),
    )
    .describe('in the order in which they were put'),
  results: z.array(
    z.object({
      library,
      addresses: z.array(z.string()).describe('in the order in which a program gets them'),
      error: z.enum(['no-such-name', 'no-address', 'try-again', 'failed']).nullable(),
      source: z.string().nullable().describe('files, dns, myhostname'),
      asked: z
        .string()
        .nullable()
        .describe('the name whose addresses these are, where it was asked of a server'),
      seconds: z.number().nonnegative().describe('spent waiting for servers that said nothing'),
    }),
  ),
});
