import { z } from 'zod';
import { document } from '../document.ts';
import { saved } from '../saved.ts';

const KINDS = [
  'syn-unanswered',
  'sent-again',
  'reset',
  'refused',
  'icmp-error',
  'dns-unanswered',
  'dns-error',
] as const;

export const passive = z.object({
  schema: z.literal('netdoctor/passive/1'),
  target: z.string().describe('as it was named'),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  hops: z.array(
    z.object({
      id: z.string().describe('container/eth0, host/docker0'),
      label: z.string(),
      lost: z.int().describe('frames that came too fast to be read'),
    }),
  ),
  packets: z.int().describe('of the target that were read, each once'),
  troubles: z.object(
    Object.fromEntries(KINDS.map((kind) => [kind, z.int()])) as Record<(typeof KINDS)[number], z.ZodInt>,
  ),
  overrun: z.int().describe('frames that came too fast to be looked at'),
  blind: z
    .string()
    .nullable()
    .describe('why no drops are told, or not to the end; null: they were looked for'),
  because: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe('why it ended before it should; null: as it was meant to'),
  saved: saved.describe('with --save: frames of the second before and after each trouble'),
});

export default document({ name: 'passive', about: 'netdoctor watch --passive --json', schema: passive });

const reach = z.object({
  after: z.string().describe('id of the last hop that saw it'),
  through: z.boolean().describe('it left this host, or arrived at the target'),
  dropped: z.object({ reason: z.string(), function: z.string().nullable() }).nullable(),
});

/** A line of `--ndjson` before the last. */
export const troubleLine = z.object({
  type: z.literal('trouble'),
  kind: z.enum(KINDS),
  at: z.string().describe('seconds since 1970, nine digits behind the point'),
  ends: z
    .object({
      protocol: z.int(),
      source: z.string(),
      destination: z.string(),
      sourcePort: z.int().nullable(),
      destinationPort: z.int().nullable(),
    })
    .describe('of the conversation, as the target has it: who began it first'),
  reach,
  answer: reach.nullable().describe('of an answer that did not arrive; null: none was seen'),
  says: z.string(),
  program: z.object({ pid: z.int(), name: z.string() }).nullable(),
});
