/** From questions to answers: what was given, else the default found on this machine. */
import { Failure, wrongCall } from '../model/failure.ts';
import type { Choice, QuestionKind, Value } from './question.ts';
import type { Ask, Recipe } from './recipe.ts';
import { questionKinds } from './registry.ts';
import { holds, type Scope } from './scope.ts';
import type { World } from './world.ts';

/** A question as somebody is asked it. */
export interface Asked {
  readonly name: string;
  readonly ask: string;
  readonly why: string | null;
  /** As it would be typed; null where only a person knows. */
  readonly suggestion: string | null;
  readonly choices: readonly Choice[];
  /** Checks an answer. @throws Failure with what is wrong with it. */
  read(text: string): Promise<Value>;
}

/** Puts one question after the other; `put` answers each. What a condition leaves out is not asked. @throws Failure */
export async function interview(
  recipe: Recipe,
  world: World,
  put: (question: Asked) => Promise<Value>,
): Promise<Scope> {
  const scope = new Map<string, Value>();
  const answer = (name: string): Value => {
    const found = scope.get(name);
    if (!found) throw new Error(`the question ${name} has not been asked yet`);
    return found;
  };
  for (const [name, asked] of Object.entries(recipe.asks)) {
    if (!holds(asked.when, scope)) continue;
    const kind = questionKinds.get(asked.type)!;
    const params = paramsOf(asked, kind);
    const asking = { world, answer };
    scope.set(
      name,
      await put({
        name,
        ask: asked.ask,
        why: asked.why ?? null,
        suggestion: await kind.suggest(params, asking),
        choices: (await kind.choices?.(params, asking)) ?? [],
        read: (text) => kind.read(text, params, asking),
      }),
    );
  }
  return scope;
}

function paramsOf(
  { type: _type, ask: _ask, why: _why, when: _when, ...rest }: Ask,
  kind: QuestionKind,
): never {
  return kind.params.parse(rest) as never;
}

/** Answers from `--set`, and defaults for the rest. @throws Failure that names the question. */
export async function answerAll(
  recipe: Recipe,
  world: World,
  given: ReadonlyMap<string, string>,
): Promise<Scope> {
  for (const name of given.keys()) {
    if (!Object.hasOwn(recipe.asks, name))
      throw wrongCall(
        'unknown-question',
        `The recipe ${recipe.name} does not ask for "${name}".`,
        `It asks for ${Object.keys(recipe.asks).join(', ')}.`,
      );
  }
  return interview(recipe, world, async ({ name, ask, suggestion, read }) => {
    try {
      return await read(given.get(name) ?? suggestion ?? '');
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { message, hint, code } = error.problem;
      const asked = given.has(name) || suggestion !== null ? '' : `${ask} `;
      throw new Failure({ ...error.problem, code, message: `${name}: ${asked}${message}`, hint: `${hint}` });
    }
  });
}
