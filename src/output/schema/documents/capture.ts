import { z } from 'zod';
import { document } from '../document.ts';

const place = {
  id: z.string().describe('container/eth0, host/docker0'),
  label: z.string().describe('as lines and files call it: eth0@web'),
  name: z.string(),
  where: z.enum(['container', 'host', 'other']),
  kind: z.string(),
  ifindex: z.int(),
  addresses: z.array(z.string()),
  filter: z
    .string()
    .nullable()
    .describe('of pcap-filter(7), as it was set here; null: nothing is taken here'),
  note: z.string().nullable().describe('what was changed of the filter, or why it cannot be told here'),
};

const heading = z.enum(['out', 'in']).describe('out of the target, or into it');
const problem = z.object({ code: z.string(), message: z.string() });

export const capture = z.object({
  schema: z.literal('netdoctor/capture/1'),
  target: z.string().describe('as it was named'),
  filter: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  hops: z.array(
    z.object({
      ...place,
      captured: z.int().describe('frames of the target’s'),
      passed: z.int().describe('frames that passed the filter, others’ too'),
      lost: z.int().describe('those of them for which the kernel had no room'),
    }),
  ),
  packets: z.int().describe('each counted once, however many hops saw it'),
  frames: z.int(),
  overrun: z.int().describe('frames that came too fast to be looked at'),
  ways: z
    .array(
      z.object({
        heading,
        hops: z.array(z.string()).describe('ids, in the order in which they saw it'),
        packets: z.int(),
      }),
    )
    .describe('the most frequent first'),
  otherWays: z.int().describe('packets of ways for which there was no room'),
  losses: z
    .array(
      z.object({
        after: z.string().describe('id of the hop that saw it last'),
        reason: z.string().describe('in the kernel’s own word'),
        function: z.string().nullable(),
        packets: z.int(),
      }),
    )
    .describe('packets that the kernel says it threw away'),
  otherLosses: z.int(),
  saved: z.object({ frames: z.int(), files: z.array(z.string()) }).nullable(),
  blind: z
    .string()
    .nullable()
    .describe('why no losses are told, or not to the end; null: they were looked for'),
  because: problem.nullable().describe('why it ended before it should; null: as it was meant to'),
});

export default document({ name: 'capture', about: 'netdoctor capture --json', schema: capture });

const ends = z.object({
  protocol: z.int(),
  source: z.string(),
  destination: z.string(),
  sourcePort: z.int().nullable(),
  destinationPort: z.int().nullable(),
});

/** A line of `--ndjson` before the last. */
export const captureLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), hops: z.array(z.object(place)) }),
  z.object({
    type: z.literal('packet'),
    id: z.int().describe('frame.packet_id of a file that is saved'),
    heading,
    at: z.string().describe('seconds since 1970, nine digits behind the point'),
    length: z.int().describe('bytes of the frame where it was seen first'),
    text: z.string().describe('in the words of tcpdump'),
    steps: z.array(
      z.object({
        hop: z.string(),
        direction: z.enum(['in', 'out']).nullable(),
        microseconds: z.number().describe('since it was seen first'),
        ends: ends.nullable().describe('its addresses there: NAT changes them'),
      }),
    ),
    again: z.boolean().describe('it was told before, and has gone on since'),
    dropped: z.object({ reason: z.string(), function: z.string().nullable() }).nullable(),
  }),
]);
