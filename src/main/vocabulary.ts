/** What may be typed, as data: for shell completion and the reference pages. */
import type { Option } from 'commander';
import { DEFAULT } from './arguments.ts';
import type { Command } from './command.ts';
import { common, help } from './options.ts';

/** Where the words for an argument come from: a command whose first words they are, or a list. */
export type Words = { readonly from: readonly string[] } | { readonly of: readonly string[] };

export interface Flag {
  readonly long: string;
  readonly short: string | null;
  readonly does: string;
  /** Its value's name; null: it takes none. A value that may be left out follows an equals sign. */
  readonly value: string | null;
  readonly optional: boolean;
  readonly choices: readonly string[];
  /** The value it has when it is not given, where that is one to tell. */
  readonly byDefault: string | null;
}

export interface Entry {
  readonly name: string;
  readonly does: string;
  readonly words: Words | null;
  readonly flags: readonly Flag[];
}

/** Names of arguments in `takes`, and what fills them live. */
const SOURCES: Readonly<Record<string, Words>> = {
  target: { from: ['containers', '--names'] },
  name: { from: ['containers', '--names'] },
  cause: { from: ['explain'] },
  recipe: { from: ['setup', 'list'] },
  fault: { from: ['demo', 'list'] },
  document: { from: ['schema'] },
  shell: { of: ['bash', 'zsh', 'fish'] },
};

export const flagOf = ({
  long,
  short,
  description,
  flags,
  required,
  optional,
  argChoices,
  defaultValue,
}: Option): Flag => ({
  long: long ?? '',
  short: short ?? null,
  does: description,
  value: required || optional ? (/[<[](.+?)[>\]]/.exec(flags)?.[1] ?? null) : null,
  optional,
  choices: argChoices ?? [],
  byDefault: required && defaultValue !== undefined ? String(defaultValue) : null,
});

/** Every command with its flags; the default command first, since its flags hold for a bare target too. */
export function vocabulary(commands: readonly Command[]): Entry[] {
  const shown = commands.filter(({ hidden }) => !hidden);
  const first = shown.filter(({ name }) => name === DEFAULT);
  return [...first, ...shown.filter(({ name }) => name !== DEFAULT)].map((command) => ({
    name: command.name,
    does: command.does,
    words: wordsOf(command),
    flags: [...command.options, ...common, help].filter(({ hidden }) => !hidden).map(flagOf),
  }));
}

function wordsOf({ takes = '' }: Command): Words | null {
  const argument = /[<[](\w+)/.exec(takes)?.[1];
  return argument === undefined ? null : (SOURCES[argument] ?? null);
}
