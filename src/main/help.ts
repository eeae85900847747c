/** What `--help` prints. */
import { Help } from 'commander';
import { DEFAULT, PROGRAM, parserOf } from './arguments.ts';
import type { Command } from './command.ts';

const INTRODUCTION = `netdoctor shows where a container's packets stop, why, and how to mend it.`;

const EXIT_CODES = `Exit codes
  0    healthy, or repaired and verified; for the other commands: done
  1    a fault was found
  2    the call was wrong
  3    undecided: it could not look, or the evidence does not decide
  130  interrupted (143 terminated, 129 hung up): what was armed has been taken back`;

/** The whole program: how to call it, its commands, and the options of a diagnosis. */
export function programHelp(commands: readonly Command[], columns: number): string {
  const others = commands.filter(({ name, hidden }) => name !== DEFAULT && !hidden);
  const diagnose = commands.find(({ name }) => name === DEFAULT)!;
  return `${[
    INTRODUCTION,
    `Usage\n  ${PROGRAM} <target> [options]\n  ${PROGRAM} <command> [options]`,
    `A target is a container's name or id, docker:NAME, netns:NAME (or a path), or pid:NUMBER.`,
    `Commands\n${table(
      [
        [`${DEFAULT} <target>`, `${diagnose.does}; for a target that has a command's name`],
        ...others.map(({ name, takes, does }): [string, string] => [`${name} ${takes ?? ''}`.trim(), does]),
      ],
      columns,
    )}`,
    optionsPart(diagnose, columns),
    examplesPart(diagnose),
    EXIT_CODES,
  ].join('\n\n')}\n`;
}

/** One command. */
export function commandHelp(command: Command, columns: number): string {
  const { name, takes = '', does, more } = command;
  const parts = [
    `${does.charAt(0).toUpperCase()}${does.slice(1)}.`,
    `Usage\n  ${`${PROGRAM} ${name} ${takes}`.trim()} [options]`,
    ...(more ? [more] : []),
    optionsPart(command, columns),
    ...(command.examples ? [examplesPart(command)] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

const examplesPart = ({ examples = [] }: Command): string =>
  `Examples\n${examples.map((line) => `  ${line}`).join('\n')}`;

function optionsPart(command: Command, columns: number): string {
  const help = new Help();
  const rows = help
    .visibleOptions(parserOf(command))
    .map((option): [string, string] => [help.optionTerm(option), help.optionDescription(option)]);
  return `Options\n${table(rows, columns)}`;
}

/** Two columns; where the screen is too narrow for them, the text goes below its term. */
function table(rows: readonly (readonly [string, string])[], columns: number): string {
  const help = new Help();
  const width = Math.max(...rows.map(([term]) => term.length));
  const narrow = columns < width + 4 + 30;
  return rows
    .map(([term, text]) => {
      const cells = Math.max(20, columns - (narrow ? 6 : width + 4));
      const lines = help.boxWrap(text, cells).split('\n');
      const indent = ' '.repeat(narrow ? 6 : width + 4);
      return narrow
        ? [`  ${term}`, ...lines.map((line) => indent + line)].join('\n')
        : [`  ${term.padEnd(width)}  ${lines[0]}`, ...lines.slice(1).map((line) => indent + line)].join('\n');
    })
    .join('\n');
}
