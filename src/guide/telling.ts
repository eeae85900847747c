/** A set-up in plain lines, for people who read it after the fact or in a pipe. */
import { plain, shellLine } from '../words/text.ts';
import type { Proof, SetupEvent, StepPreview } from './event.ts';
import type { World } from './world.ts';

export interface Marks {
  readonly good: string;
  readonly bad: string;
  readonly idle: string;
  readonly arrow: string;
}

/** Lines as they are, and paragraphs to be wrapped. */
export type Told = { readonly show: string } | { readonly say: string };

const show = (line: string): Told => ({ show: line });
const say = (text: string): Told => ({ say: plain(text) });

/** What is going to be done: every step with its reason and its commands. */
export const planLines = (steps: readonly StepPreview[]): readonly Told[] =>
  steps.flatMap((step, index) => [
    show(''),
    say(`${index + 1}. ${step.title}`),
    say(step.why),
    ...(step.already ? [say('It is so already.')] : step.commands.map((command) => show(shellLine(command)))),
  ]);

/** One event of a run; empty where it says nothing new. */
export function eventLines(
  event: SetupEvent,
  steps: readonly StepPreview[],
  world: World,
  marks: Marks,
): readonly Told[] {
  switch (event.type) {
    case 'recipe':
      return [say(event.recipe.title), show('')];
    case 'step': {
      const title = steps[event.index]?.title ?? '';
      if (event.state === 'done') return [show(`${marks.good} ${title}`)];
      if (event.state === 'already') return [show(`${marks.idle} ${title}: ${event.because ?? 'already'}`)];
      if (event.state === 'failed') return [show(`${marks.bad} ${title}`), say(event.because ?? '')];
      if (event.state === 'running') return [];
      return [show(`${marks.idle} ${title}: ${event.state}`)];
    }
    case 'command':
      return [show(`    ${shellLine(event.command)}`)];
    case 'proof':
      return [
        show(proofLine(event.proof, world, marks)),
        ...(event.proof.holds ? [] : [say(event.proof.says)]),
      ];
    case 'tell':
      return [show(''), say(event.says)];
    case 'end':
      return endLines(event);
    default:
      return [];
  }
}

/** `✓ red → 198.51.100.1: answered`. */
export function proofLine(proof: Proof, world: World, marks: Marks): string {
  const mark = proof.holds ? marks.good : marks.bad;
  const found =
    proof.found === null ? 'could not be tried' : proof.found === 'silent' ? 'no answer' : 'answered';
  const meant = proof.wanted === 'silent' ? ', as it should be' : '';
  return `${mark} ${world.place(proof.from).label} ${marks.arrow} ${proof.to}: ${found}${proof.holds ? meant : ''}`;
}

function endLines({ status, journal, because, hint }: Extract<SetupEvent, { type: 'end' }>): readonly Told[] {
  const last = hint === null ? [] : [say(hint)];
  if (status === 'done')
    return [
      show(''),
      say(
        journal === null
          ? 'It was all so already; nothing was changed.'
          : `It stands. ${shellLine(['netdoctor', 'undo', journal])} takes it all back.`,
      ),
    ];
  // The step that failed has said why already.
  return [show(''), ...(status === 'failed' ? [] : [say(because ?? '')]), ...last];
}
