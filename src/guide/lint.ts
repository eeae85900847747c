/** Reading a recipe file, and saying everything that is wrong with it. */
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Ask, type Recipe, recipeSchema } from './recipe.ts';
import { questionKinds } from './registry.ts';
import { references } from './scope.ts';

/** Parameters of questions that name another question. */
const REFERENCES = new Set(['for', 'in', 'of', 'to', 'device', 'bridge', 'parent', 'other_than', 'offset']);

export interface Read {
  /** Null when anything is wrong. */
  readonly recipe: Recipe | null;
  /** Each a line: where, and what. */
  readonly faults: readonly string[];
}

/** Reads a recipe; its name is that of the file. */
export function readRecipe(file: string, text: string): Read {
  const content = contentOf(text);
  if ('fault' in content) return { recipe: null, faults: [content.fault] };
  const parsed = recipeSchema.safeParse(content.value);
  if (!parsed.success) return { recipe: null, faults: parsed.error.issues.map(sentence) };
  const name = file
    .split('/')
    .at(-1)!
    .replace(/\.ya?ml$/, '');
  const recipe = { name, ...parsed.data } as unknown as Recipe;
  const faults = [...askFaults(recipe), ...stepFaults(recipe)];
  return { recipe: faults.length > 0 ? null : recipe, faults };
}

/** What the YAML holds. One that refers to itself without end, or is too deep, is refused as a broken one is. */
function contentOf(text: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    const document = parseDocument(text, { prettyErrors: true });
    const [broken] = document.errors;
    if (!broken) return { value: document.toJS() };
    return { fault: `line ${broken.linePos?.[0].line ?? '?'}: ${broken.message.split('\n')[0]}` };
  } catch (error) {
    return { fault: `it cannot be read: ${(error as Error).message.split('\n')[0]}` };
  }
}

const sentence = ({ path, message }: z.core.$ZodIssue): string =>
  `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`;

/** Questions speak of earlier questions only. */
function askFaults({ asks }: Recipe): string[] {
  const earlier = new Set<string>();
  return Object.entries(asks).flatMap(([name, ask]) => {
    const faults = named(ask)
      .filter((other) => !earlier.has(other))
      .map((other) => `asks.${name}: it speaks of "${other}", which is not asked before it`);
    earlier.add(name);
    return faults;
  });
}

const named = (ask: Ask): readonly string[] => [
  ...(ask.when === undefined ? [] : [ask.when.split('=')[0]!]),
  ...Object.entries(ask)
    .filter(([key]) => REFERENCES.has(key))
    .flatMap(([, names]) => [names].flat().map(String)),
];

/** Steps, proofs and last words speak of questions and of the names of their own loops. */
function stepFaults(recipe: Recipe): string[] {
  const parts = [
    ...recipe.steps.map((one, index) => [`steps.${index}`, one] as const),
    ...recipe.holds.map((one, index) => [`holds.${index}`, one] as const),
    ...recipe.tells.map((one, index) => [`tells.${index}`, one] as const),
  ];
  return parts.flatMap(([where, part]) => {
    const each = 'each' in part ? ((part.each ?? {}) as Record<string, string | string[]>) : {};
    const looped = Object.values(each).flat();
    const spoken = [
      ...references(JSON.stringify({ ...part, each: undefined })).map(([name]) => name),
      ...(part.when === undefined ? [] : [part.when.split('=')[0]!]),
    ].filter((name) => !Object.hasOwn(each, name));
    const unasked = [...new Set([...looped, ...spoken])]
      .filter((name) => !Object.hasOwn(recipe.asks, name))
      .map((name) => `${where}: it speaks of "${name}", which no question asks for`);
    return [...unasked, ...partFaults(recipe, part, each).map((fault) => `${where}: ${fault}`)];
  });
}

/** `$subnet.gatewy`: an answer has the parts that its kind of question gives, and those that later ones add. */
function partFaults({ asks }: Recipe, text: object, each: Record<string, string | string[]>): string[] {
  return references(JSON.stringify({ ...text, each: undefined })).flatMap(([name, part]) => {
    const from = [each[name] ?? name].flat().filter((one) => Object.hasOwn(asks, one));
    const known = [...new Set(from.flatMap((one) => partsOf(asks, one)))];
    if (part === undefined || from.length === 0 || known.includes(part)) return [];
    const has = known.length > 0 ? `it has ${known.join(', ')}` : 'it has no parts';
    return [`"${name}" has no part "${part}": ${has}`];
  });
}

const partsOf = (asks: Recipe['asks'], name: string): readonly string[] => [
  ...Object.keys(questionKinds.get(asks[name]!.type)?.gives ?? {}),
  ...Object.values(asks)
    .filter((ask) => [ask.for].flat().includes(name))
    .flatMap((ask) => Object.keys(questionKinds.get(ask.type)?.adds ?? {})),
];
