import { z } from 'zod';

/** A firewall rule, or the policy of a chain. */
export const rule = z.object({
  engine: z.enum(['nft', 'iptables-nft', 'iptables-legacy', 'ebtables', 'arptables']),
  family: z.string(),
  table: z.string(),
  chain: z.string(),
  hook: z.string().nullable(),
  number: z.int().nullable().describe("its place in the chain, from 1; null: the chain's policy"),
  handle: z.int().nullable(),
  text: z.string().describe('as its owner would list it'),
  verdict: z.string(),
  owner: z.string().nullable().describe('docker, firewalld, …; null: written by hand'),
});

/** One thing that was seen. */
export const evidence = z.object({
  witness: z.enum(['capture', 'journey', 'rule', 'state', 'control']),
  at: z.string().nullable().describe('hop id'),
  microseconds: z.number().nullable().describe('since the first probe left'),
  says: z.string(),
  agrees: z.boolean().nullable().describe('with the verdict; null: it says nothing about it'),
  rule: rule.optional(),
  drop: z
    .object({
      reason: z.string(),
      function: z.string(),
      means: z.string().optional().describe('what the kernel checks there, and what decides it'),
    })
    .optional(),
  source: z.array(z.string()).describe('the command that shows it again'),
});
