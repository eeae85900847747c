/** `$bridge`, `$container.address`: answers put into a recipe's texts. */
import { itemsOf, type Value } from './question.ts';
import { wrongAnswer } from './wrong.ts';

/** Braces end a name where a dot or a letter follows: `net.ipv4.conf.${bridge}.proxy_arp`. */
const REFERENCE =
  /\$(?:\{([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?\}|([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?)/g;

export type Scope = ReadonlyMap<string, Value>;

/** The names that a text refers to, with their parts. */
export const references = (text: string): readonly (readonly [string, string | undefined])[] =>
  [...text.matchAll(REFERENCE)].map(([, a, b, c, d]) => [(a ?? c)!, b ?? d] as const);

/** The text with the answers in it. @throws Failure for a name or part that is not there. */
export function fill(text: string, scope: Scope): string {
  return text.replace(REFERENCE, (_, a?: string, b?: string, c?: string, d?: string) => {
    const [name, part] = [(a ?? c)!, b ?? d];
    const found = scope.get(name);
    const word = part === undefined ? found?.text : found?.parts[part];
    if (word === undefined)
      throw wrongAnswer(
        `The recipe needs ${part ?? name} of ${found?.text ?? name}, which is not known.`,
        found ? `Choose another ${name}, or give it one first.` : 'netdoctor setup lint FILE',
      );
    return word;
  });
}

/** Every text of an object filled; other values stay. */
export function fillAll<T>(value: T, scope: Scope): T {
  if (typeof value === 'string') return fill(value, scope) as T;
  if (Array.isArray(value)) return value.map((one) => fillAll(one, scope)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillAll(one, scope)])) as T;
}

/** Is the condition met? `name`: answered and not by no; `name=word`: answered so. */
export function holds(condition: string | undefined, scope: Scope): boolean {
  if (condition === undefined) return true;
  const [name = '', word] = condition.split('=');
  const found = scope.get(name)?.text;
  return word === undefined ? found !== undefined && !['', 'no'].includes(found) : found === word;
}

/** The scopes of a loop: one for each item; of two names one for each pair, each pair once. */
export function loop(
  each: Readonly<Record<string, string | readonly string[]>> | undefined,
  scope: Scope,
): Scope[] {
  const names = Object.entries(each ?? {});
  if (names.length === 0) return [scope];
  const lists = names.map(([, from]) =>
    [from].flat().flatMap((name) => {
      const found = scope.get(name);
      return found ? itemsOf(found) : [];
    }),
  );
  const [first = [], second] = lists;
  const name = names.map(([one]) => one);
  if (!second) return first.map((item) => new Map([...scope, [name[0]!, item]]));
  const same = names[0]?.[1] === names[1]?.[1];
  return first.flatMap((a, i) =>
    second.filter((_, j) => !same || j > i).map((b) => new Map([...scope, [name[0]!, a], [name[1]!, b]])),
  );
}
