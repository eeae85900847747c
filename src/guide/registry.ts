/** The verbs and the types of questions: one file each in steps/ and questions/. */

import { inOrder } from '../words/order.ts';
import type { QuestionKind } from './question.ts';
import type { Verb } from './verb.ts';

const steps = import.meta.glob<{ default: Verb }>('./steps/*.ts', { eager: true });
const questions = import.meta.glob<{ default: QuestionKind }>('./questions/*.ts', { eager: true });

const byName = <T extends { readonly name: string }>(
  files: Record<string, { default: T }>,
): ReadonlyMap<string, T> =>
  new Map(
    Object.values(files)
      .map((file) => file.default)
      .sort((a, b) => inOrder(a.name, b.name))
      .map((one) => [one.name, one]),
  );

export const verbs = byName(steps);
export const questionKinds = byName(questions);
