import { z } from 'zod';

/** What is asked: from whom to whom, with which protocol. */
export const flow = z.object({
  from: z.enum(['container', 'host', 'outside', 'other']),
  source: z.string().optional().describe('from other: the container it begins in, as it was named'),
  to: z.string().describe('the destination as it was asked for'),
  address: z.string().describe('the address the source uses for it'),
  proto: z.enum(['icmp', 'tcp', 'udp', 'dns']),
  port: z.int().min(1).max(65535).nullable(),
  family: z.union([z.literal(4), z.literal(6)]),
});
