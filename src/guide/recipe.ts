/** A recipe file: what it asks, what it does, what must hold afterwards. */
import { z } from 'zod';
import { questionKinds, verbs } from './registry.ts';
import { text } from './text.ts';

const NAME = /^[a-z][a-z0-9_]*$/;

/** `routes`: answered, and not by no. `way=nat`: answered so. */
const when = z
  .string()
  .regex(/^[a-z][a-z0-9_]*(=[\w.-]+)?$/, 'must be QUESTION or QUESTION=ANSWER')
  .optional();

/** `{c: containers}`: once for each item, called $c. Two of them: once for each pair. */
const each = z.record(z.string().regex(NAME), z.union([z.string(), z.array(z.string())])).optional();

const ask = z.discriminatedUnion(
  'type',
  [...questionKinds.values()].map((kind) =>
    z.strictObject({
      type: z.literal(kind.name),
      ask: z.string(),
      why: z.string().optional(),
      when,
      ...kind.params.shape,
    }),
  ) as unknown as [z.ZodObject<{ type: z.ZodLiteral<string>; ask: z.ZodString }>],
);

const step = z.discriminatedUnion(
  'do',
  [...verbs.values()].map((verb) =>
    z.strictObject({ do: z.literal(verb.name), why: z.string(), when, each, ...verb.params.shape }),
  ) as unknown as [z.ZodObject<{ do: z.ZodLiteral<string>; why: z.ZodString }>],
);

const hold = z.strictObject({
  from: text,
  to: text,
  proto: z.enum(['icmp', 'tcp', 'udp']).default('icmp'),
  /** `silent` where the recipe keeps two apart. */
  is: z.enum(['answered', 'silent']).default('answered'),
  when,
  each,
});

export const recipeSchema = z.strictObject({
  title: z.string(),
  /** Its place in the list; those without one follow, by name. */
  order: z.number().optional(),
  why: z.string(),
  picture: z.string(),
  asks: z.record(z.string().regex(NAME, 'is lower case letters, digits and underscores'), ask),
  steps: z.array(step).min(1),
  holds: z.array(hold).default([]),
  /** What is to be known afterwards. */
  tells: z.array(z.strictObject({ say: z.string(), when })).default([]),
});

type Loop = Readonly<Record<string, string | readonly string[]>>;

export interface Ask {
  readonly type: string;
  readonly ask: string;
  readonly why?: string;
  readonly when?: string;
  readonly [param: string]: unknown;
}

export interface Step {
  readonly do: string;
  readonly why: string;
  readonly when?: string;
  readonly each?: Loop;
  readonly [param: string]: unknown;
}

export interface Hold {
  readonly from: string;
  readonly to: string;
  readonly proto: 'icmp' | 'tcp' | 'udp';
  readonly is: 'answered' | 'silent';
  readonly when?: string;
  readonly each?: Loop;
}

export interface Recipe {
  readonly name: string;
  readonly title: string;
  readonly order?: number;
  readonly why: string;
  readonly picture: string;
  readonly asks: Readonly<Record<string, Ask>>;
  readonly steps: readonly Step[];
  readonly holds: readonly Hold[];
  readonly tells: readonly { readonly say: string; readonly when?: string }[];
}
