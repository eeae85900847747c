import type { Diagnosis } from './diagnosis.ts';
import type { Question } from './question.ts';

/**
 * The question whose answer this was, to be asked again: where nobody named a destination, the flow that was diagnosed. A
 * flow to a name server stands for the name that was meant, which is asked for anew.
 */
export function again(question: Question, { flow }: Pick<Diagnosis, 'flow'>): Question {
  const isNamed = question.to !== undefined && question.usual !== true;
  if (isNamed || question.from !== 'container' || flow.proto === 'dns') return question;
  const { usual: _, ...rest } = question;
  return { ...rest, from: flow.from, to: flow.to, proto: flow.proto };
}
