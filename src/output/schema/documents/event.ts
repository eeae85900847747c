import { z } from 'zod';
import { document } from '../document.ts';
import { rule } from '../evidence.ts';
import { flow } from '../flow.ts';

const where = z.enum(['container', 'host', 'other']);
const direction = z.enum(['request', 'reply']);
const family = z.union([z.literal(4), z.literal(6)]);
const probe = z.int().describe('which probe, from 0; -1 where that cannot be said');
const at = z.number().describe('microseconds since the first probe left');
const netns = z.object({ inode: z.int(), path: z.string().describe('for nsenter --net=') });

const target = z.object({
  runtime: z.string(),
  name: z.string(),
  id: z.string().nullable(),
  pid: z.int().nullable(),
  netns,
  hostNetwork: z.boolean(),
  mode: z.string().nullable(),
  about: z.string(),
});

const hop = z.object({
  id: z.string().describe('container/eth0, host/docker0'),
  name: z.string(),
  where,
  kind: z.string().describe('veth, bridge, uplink, …'),
  link: z.object({ ifindex: z.int(), up: z.boolean(), mtu: z.int(), mac: z.string().nullable() }),
  netns: netns.nullable(),
  about: z.string(),
});

const path = z.object({
  hops: z.array(hop).describe('in the order a request crosses them'),
  stages: z
    .array(z.enum(['send', 'wire', 'port', 'bridge', 'forward', 'deliver', 'beyond']))
    .describe('stages[i] lies before hops[i], the last one after the last hop'),
  gaps: z.array(z.object({ after: z.string().nullable(), kind: z.string(), says: z.string() })),
  sourceAddress: z.string().nullable(),
  realDestination: z.string().describe('after DNAT, as far as it is known before the probe'),
});

const header = z
  .object({
    ttl: z.int().nullable(),
    dscp: z.int().describe('differentiated services code point, 0 to 63'),
    ecn: z.int().describe('ECN field of the IP header'),
    syn: z
      .object({
        ecn: z.int().describe('flags AE, CWR and ECE as one number: 3 asks for ECN'),
        options: z.record(z.string(), z.string()).describe('TCP options by kind, their bytes in hex'),
      })
      .nullable(),
  })
  .describe('of a request: what its headers say beside its ends');

const sighting = z.object({
  hop: z.string().describe('id of the hop'),
  kind: z.enum(['request', 'reply', 'error', 'refusal', 'neighbour']),
  probe,
  at,
  source: z.string(),
  destination: z.string(),
  sourceMac: z.string().nullable(),
  destinationMac: z.string().nullable(),
  family,
  sourcePort: z.int().nullable(),
  destinationPort: z.int().nullable(),
  length: z.int().describe('of the IP packet, in bytes'),
  ttl: z.int().nullable(),
  header: header.optional(),
  says: z.string().nullable(),
});

const outcome = z.object({
  probe,
  result: z.enum(['answered', 'refused', 'error', 'silent', 'not-sent']),
  microseconds: z.number().nullable().describe('until the answer'),
  errno: z.string().nullable(),
  says: z.string().nullable(),
});

const control = z.object({
  asked: z.boolean(),
  answered: z.boolean(),
  outcomes: z.array(outcome),
  says: z.string(),
});

const drop = z.object({
  reason: z.string().describe("of the running kernel's own table"),
  function: z.string(),
  device: z.string().nullable(),
  hop: z.string().nullable(),
  direction: direction.nullable(),
  probe,
  at,
});

const hit = z.object({
  side: where,
  rule,
  verdict: z.string(),
  direction,
  probe,
  at,
  by: z.enum(['trace', 'counters']),
});

const armed = {
  witness: z.enum(['capture', 'journey', 'rule', 'state', 'control']),
  at: z.string().nullable().describe('id of the hop; null: everywhere'),
  because: z.string().nullable().describe('why it cannot look; null: it stands ready'),
};

/** What is told while it happens; each `type` once. */
export const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('target'), target }),
  z.object({ type: z.literal('flow'), flow }),
  z.object({ type: z.literal('path'), path }),
  z.object({ type: z.literal('armed'), ...armed }),
  z.object({ type: z.literal('sent'), probe: z.int(), of: z.int() }),
  z.object({ type: z.literal('sighting'), sighting }),
  z.object({ type: z.literal('outcome'), outcome }),
  z.object({ type: z.literal('control'), control }),
  z.object({ type: z.literal('drop'), drop }),
  z.object({ type: z.literal('rule'), hit }),
  z.object({
    type: z.literal('waiting'),
    what: z.string(),
    milliseconds: z.number().nonnegative().describe('at most'),
  }),
]);

export default document({
  name: 'event',
  about: 'each line of netdoctor diagnose --ndjson but the last, which is a diagnosis',
  schema: event,
});
