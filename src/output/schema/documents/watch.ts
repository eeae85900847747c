import { z } from 'zod';
import { document } from '../document.ts';
import { rule } from '../evidence.ts';
import { saved } from '../saved.ts';

const direction = z
  .enum(['request', 'beyond', 'reply'])
  .describe('beyond: behind the last hop, where nobody sees whether it or its answer was lost');

const ends = z
  .array(z.string().nullable())
  .describe('hop ids: the last that saw it, the first that did not; null at an end');

const delays = z
  .object({
    count: z.int(),
    last: z.number(),
    average: z.number(),
    best: z.number(),
    worst: z.number(),
    deviation: z.number().describe('standard deviation of the sample'),
    jitter: z.number().describe('mean difference between one and the next'),
    p50: z.number(),
    p90: z.number(),
    p99: z.number(),
  })
  .nullable()
  .describe('microseconds, by the stamps of the kernel; null where none was seen at both ends');

const rate = {
  rate: z.number().nullable().describe('from 0 to 1; null where none was tried'),
  interval: z.array(z.number()).describe('in which the true rate lies, 95 times of 100 (Wilson)'),
};

const way = z.object({
  tried: z.int().describe('packets that came to where this leg begins'),
  lost: z.int().describe('those of them that were not seen at its end, nor further'),
  ...rate,
  microseconds: delays,
});

const part = {
  settled: z.int().describe('probes whose fate is known'),
  answered: z.int(),
  lost: z.int().describe('sent, and not answered'),
  unsent: z.int().describe('which the sender’s own host refused to send'),
  loss: z.object({
    ...rate,
    pattern: z
      .enum(['none', 'all', 'unclear', 'random', 'bursts'])
      .describe('unclear: too few were lost to say whether at random'),
    p: z.number().nullable().describe('how likely so few runs of losses are at random (runs test)'),
    bursts: z.int().describe('runs of losses'),
    longest: z.int().describe('of a run, in probes'),
  }),
  roundTrip: delays,
  path: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      where: z.enum(['container', 'host', 'other']),
      kind: z.string(),
      ifindex: z.int(),
      watched: z.boolean(),
      because: z.string().nullable().describe('why nobody looks there'),
      request: way
        .nullable()
        .describe('from the hop before that is watched (at the first from the program) to here'),
      reply: way.nullable().describe('from here back to that hop; the first has none'),
    }),
  ),
  beyond: way.describe('from the last hop to whoever answers, and back'),
};

export const watch = z.object({
  schema: z.literal('netdoctor/watch/1'),
  target: z.object({
    runtime: z.string(),
    name: z.string(),
    id: z.string().nullable(),
    pid: z.int().nullable(),
    namespace: z.int(),
  }),
  flow: z.object({
    from: z.string(),
    to: z.string(),
    address: z.string(),
    proto: z.enum(['icmp', 'tcp', 'udp', 'dns']),
    port: z.int().nullable(),
    family: z.union([z.literal(4), z.literal(6)]),
  }),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  interval: z.number().describe('seconds between two probes'),
  underWay: z.int().describe('probes whose fate was not known yet: they count as nothing'),
  ...part,
  window: z.object({ seconds: z.number(), ...part }).describe('of the last seconds alone'),
  losses: z.object({
    times: z.int().describe('how often something was lost; probes one behind the other count once'),
    last: z.array(
      z.object({
        from: z.iso.datetime(),
        until: z.iso.datetime(),
        probes: z.int(),
        direction,
        between: ends,
        beside: z.string().nullable().describe('what changed at that moment'),
      }),
    ),
  }),
  reasons: z.array(
    z.object({
      direction,
      between: ends,
      drop: z
        .object({ reason: z.string(), function: z.string().nullable() })
        .nullable()
        .describe('by the kernel’s own words'),
      rule: rule.nullable(),
      says: z.string().nullable().describe('what came in place of an answer, or why nothing was sent'),
      count: z.int(),
    }),
  ),
  changes: z.object({
    count: z.int(),
    last: z.array(
      z.object({
        kind: z.enum([
          'container',
          'link',
          'address',
          'route',
          'rule',
          'neighbour',
          'firewall',
          'setting',
          'queueing',
        ]),
        where: z.enum(['container', 'host', 'other']),
        at: z.iso.datetime(),
        what: z.string(),
        before: z.string().nullable().describe('null: it was not there'),
        after: z.string().nullable().describe('null: it is there no more'),
        near: z.boolean().describe('concerns what the way goes by'),
        beside: z
          .object({
            at: z.iso.datetime(),
            seconds: z.number().describe('from the change to the loss'),
            probes: z.int(),
          })
          .nullable()
          .describe('losses that began with it'),
        ended: z.int().nullable().describe('probes that were lost until then'),
      }),
    ),
  }),
  alarms: z.array(z.object({ kind: z.enum(['loss', 'change']), says: z.string() })),
  unknown: z.array(z.object({ what: z.string(), because: z.string() })),
  saved: saved.describe('with --save'),
  unread: z.int().describe('frames that came too fast to be read'),
});

export default document({ name: 'watch', about: 'netdoctor watch --json', schema: watch });
