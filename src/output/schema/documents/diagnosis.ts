import { z } from 'zod';
import { document } from '../document.ts';
import { evidence } from '../evidence.ts';
import { finding } from '../finding.ts';
import { flow } from '../flow.ts';
import { lookUp } from '../look-up.ts';

const status = z.enum(['healthy', 'fault', 'undecided']);
const count = z.int().nonnegative();
const counted = count.nullable();
const milliseconds = z.number().nonnegative();

const target = z.object({
  runtime: z.string(),
  name: z.string(),
  id: z.string().nullable(),
  pid: z.int().nullable(),
  namespace: z.int().describe('inode of the network namespace'),
});

const entry = z.object({
  id: z.string().describe('unique in the document: container/eth0, host/docker0'),
  name: z.string(),
  where: z.enum(['container', 'host', 'other']),
  kind: z.string().describe('veth, bridge, uplink, …'),
  ifindex: z.int(),
  addresses: z.array(z.string()).describe('with prefix length'),
  mtu: z.int(),
  up: z.boolean(),
  beside: z
    .literal(true)
    .optional()
    .describe('not in the line: packets of the flow may leave by it too, as by another next hop'),
  captured: z.boolean().describe('false: nobody watched it, and its counts are null'),
  request: counted,
  reply: counted,
});

const repair = z.object({
  fix: z.string(),
  journal: z.string(),
  before: status,
  after: status,
  kept: z.boolean(),
  because: z
    .string()
    .optional()
    .describe(
      'why it was taken back although something had become better: whom it cut off, who answered instead',
    ),
});

export const diagnosis = z.object({
  schema: z.literal('netdoctor/diagnosis/1'),
  target,
  flow,
  status,
  cause: z.string().nullable().describe('null when healthy, undecided, or only the place is known'),
  direction: z.enum(['request', 'reply']).nullable().describe('which of the two is lost'),
  between: z
    .tuple([z.string().nullable(), z.string().nullable()])
    .nullable()
    .describe('hop ids: the last that saw it, the first that did not; null at an end of the path'),
  partial: z.boolean().describe('some probes were answered and some lost'),
  path: z.array(entry).describe('in the order a request crosses it'),
  evidence: z.array(evidence).describe('everything seen, in time'),
  findings: z.array(finding).describe('the cause first, then what else is wrong or will bite next'),
  repairs: z.array(repair),
  unknown: z
    .array(z.object({ what: z.string(), because: z.string() }))
    .describe('what could not be looked at'),
  get families() {
    return z
      .array(diagnosis)
      .optional()
      .describe('verdicts of the other addresses of a name that were looked at, and of its servers');
  },
  addresses: z
    .array(
      z.object({
        address: z.string(),
        family: z.union([z.literal(4), z.literal(6)]),
        status: status.describe('undecided: it was not asked'),
        cause: z.string().nullable(),
        bearer: z.string().optional().describe('whose it is: container web2, service web (virtual address)'),
      }),
    )
    .optional()
    .describe('each address of a name that has several, in the order in which a program gets them'),
  lookUp: lookUp.optional().describe('how the name was looked up'),
  summary: z.string().describe('one sentence: where it stops, and why'),
  sent: count,
  answered: count,
  milliseconds: z.object({
    total: milliseconds,
    discover: milliseconds,
    arm: milliseconds,
    probe: milliseconds,
    judge: milliseconds,
  }),
});

export default document({
  name: 'diagnosis',
  about: 'netdoctor diagnose --json; the last line of --ndjson',
  schema: diagnosis,
});
