/** A set-up as a POSIX shell script that does the same by hand, with the explanations as comments. */
import { plain, shellLine } from '../words/text.ts';
import type { StepPreview } from './event.ts';
import type { PlannedHold } from './plan.ts';
import type { Recipe } from './recipe.ts';
import type { World } from './world.ts';

const WIDTH = 98;

/** A text as comment lines of a bearable width. */
function comment(text: string): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `# ${plain(line)}`.trimEnd());
}

/** A word that cannot be shown is written as bash writes it; any other script is for every shell. */
const shellFor = (lines: readonly string[]): string =>
  lines.some((line) => line.includes("$'")) ? '#!/bin/bash' : '#!/bin/sh';

/** The whole script; run by `sh` it comes to the same network and the same proof. */
export function scriptOf(
  recipe: Recipe,
  answers: Readonly<Record<string, string>>,
  steps: readonly StepPreview[],
  holds: readonly PlannedHold[],
  world: World,
): string {
  const body = steps.flatMap((step, index) => [
    '',
    ...comment(`${index + 1}. ${step.title}`),
    ...comment(step.why),
    ...(step.already ? ['# It is so already.'] : step.commands.map(shellLine)),
  ]);
  const way = [...steps].reverse().flatMap((step) => step.undo.map((line) => `#   ${shellLine(line)}`));
  const asked = Object.entries(answers).map(([name, answer]) => `#   ${name} = ${shellLine([answer])}`);
  const proved = proofs(holds, world);
  return `${[
    shellFor([...body, ...way, ...proved, ...asked]),
    ...comment(`${recipe.title}, made by hand.`),
    '#',
    ...comment(recipe.why),
    '#',
    ...asked,
    'set -eu',
    ...body,
    ...(holds.length === 0 ? [] : ['', '# The proof: each of these must come out as it says.', ...proved]),
    ...(way.length === 0 ? [] : ['', '# To take it all back:', ...way]),
  ].join('\n')}\n`;
}

function proofs(holds: readonly PlannedHold[], world: World): string[] {
  return holds
    .filter((hold) => hold.proto === 'icmp')
    .flatMap((hold) => {
      const path = world.place(hold.from).path;
      const ping = shellLine([
        ...(path === null ? [] : ['nsenter', `--net=${path}`]),
        ...['ping', '-n', '-c', '3', '-i', '0.2', '-W', '2', hold.to],
      ]);
      return hold.answered
        ? [ping]
        : [
            `if ${ping}; then`,
            `  ${shellLine(['echo', `${hold.to} answered, and should not`])} >&2`,
            '  exit 1',
            'fi',
          ];
    });
}
