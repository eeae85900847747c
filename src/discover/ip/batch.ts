/** `ip -force -batch -`: many questions, one program, one line of answer each. */
import { type Fields, list, parseJson } from './json.ts';

/**
 * Gives each command of a batch its answer, null where that command failed. A command that fails prints nothing, so
 * the answers are told apart by the `Command failed -:N` that iproute2 writes to standard error for line N.
 * @throws Error when answers and commands do not add up.
 */
export function splitBatch(
  commands: readonly string[],
  stdout: string,
  stderr: string,
): readonly (readonly Fields[] | null)[] {
  const failed = new Set(
    [...stderr.matchAll(/^Command failed \S+:(\d+)$/gm)].map((match) => Number(match[1])),
  );
  const answers = stdout.split('\n').filter((line) => line.trim() !== '');
  const expected = commands.length - failed.size;
  if (answers.length !== expected) {
    throw new Error(`ip -batch gave ${answers.length} answers to ${expected} questions`);
  }
  let next = 0;
  return commands.map((_, index) => (failed.has(index + 1) ? null : list(parseJson(answers[next++]!))));
}
