/** A question whose answer is what a program prints, and nothing when it fails. */

import { type Answer, type Because, known, notKnown } from '../model/answer.ts';
import { type Command, command, commandLine, type Netns } from '../model/netns.ts';
import { plain } from '../words/text.ts';
import type { Machine, Output, RunOptions } from './machine.ts';

const REASONS: readonly (readonly [RegExp, Because])[] = [
  [/not permitted|permission denied|must be root|only root/i, 'no-permission'],
  [/not supported|protocol not available|unknown (option|command)|unrecognized/i, 'unsupported'],
  [/no such (process|device)|cannot find device/i, 'vanished'],
];

/** Why a program that ended with an error said nothing, in its own last words. */
function refusalOf(output: Output, argv: Command['argv']): { because: Because; detail: string } {
  const said = output.stderr.trim().split('\n').at(-1)?.trim();
  const because = REASONS.find(([pattern]) => pattern.test(output.stderr))?.[1] ?? 'unreadable';
  return { because, detail: plain(said || `${argv[0]} ended with exit code ${output.code}`) };
}

/** Standard output of a program that ended well; every other end is not known, and says why. */
export async function ask(
  machine: Machine,
  argv: Command['argv'],
  netns: Netns | null = null,
  options?: RunOptions,
): Promise<Answer<string>> {
  const question = command(argv, netns);
  const answer = await machine.run(question, options);
  if (!answer.known) return answer;
  if (answer.value.code === 0) return known(answer.value.stdout, answer.source);
  const { because, detail } = refusalOf(answer.value, argv);
  return notKnown(because, detail, commandLine(question));
}

/** The first of several programs that is installed here: `iptables-nft-save`, else `iptables-save`. */
export async function askFirst(
  machine: Machine,
  choices: readonly Command['argv'][],
  netns: Netns | null,
): Promise<Answer<string>> {
  let last: Answer<string> = notKnown('not-asked', 'nothing was asked', []);
  for (const argv of choices) {
    last = await ask(machine, argv, netns);
    if (last.known || last.because !== 'no-such-tool') return last;
  }
  return last;
}
