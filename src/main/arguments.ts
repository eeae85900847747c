/** From the words of the command line to one command, its options checked. */
import { Command as Commander, CommanderError, type Option } from 'commander';
import { type Failure, wrongCall } from '../model/failure.ts';
import { plain } from '../words/text.ts';
import type { Command } from './command.ts';
import { common, help } from './options.ts';

export const PROGRAM = 'netdoctor';
/** The command that is meant where none is named. */
export const DEFAULT = 'diagnose';

/** What the command line asks for. */
export type Call =
  | {
      readonly type: 'run';
      readonly command: Command;
      readonly words: readonly string[];
      readonly options: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'help'; readonly command: Command | null }
  | { readonly type: 'version'; readonly json: boolean };

/** @throws Failure (exit 2) for a call that is wrong, with what to type instead. */
export function parseArguments(argv: readonly string[], commands: readonly Command[]): Call {
  // What people type who do not know it yet. A container that is called `help` needs `diagnose` in front.
  if (argv[0] === 'help')
    return { type: 'help', command: commands.find((one) => one.name === argv[1]) ?? null };
  const { name, rest } = chooseCommand(argv, commands);
  const command = commands.find((one) => one.name === (name ?? DEFAULT))!;
  const before = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (before.includes('--help') || before.includes('-h'))
    return { type: 'help', command: name === null ? null : command };
  if (before.includes('--version') || before.includes('-V'))
    return { type: 'version', json: before.includes('--json') };
  const parser = parserOf(command);
  try {
    parser.parse(
      rest.map((word) => withPreset(word, command)),
      { from: 'user' },
    );
  } catch (error) {
    if (error instanceof CommanderError) throw asFailure(error, command);
    throw error;
  }
  return { type: 'run', command, words: parser.args, options: parser.opts() };
}

/** commander's own parser of one command; it also knows how to write its help. */
export function parserOf(command: Command): Commander {
  const parser = new Commander(command.name === DEFAULT ? PROGRAM : `${PROGRAM} ${command.name}`);
  parser.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  parser.addHelpOption(help).allowExcessArguments(false);
  if (command.takes) parser.arguments(command.takes);
  for (const option of [...command.options, ...common]) parser.addOption(option);
  return parser.action(() => {});
}

/**
 * The first word that is no option, and no option's value, names the command where it is the name of one; options may
 * stand anywhere. A target that is called like a command needs `diagnose` in front.
 */
function chooseCommand(
  argv: readonly string[],
  commands: readonly Command[],
): { name: string | null; rest: readonly string[] } {
  const takesValue = new Set(
    commands
      .flatMap((command) => [...command.options, ...common])
      .filter((option) => option.required)
      .flatMap(({ short, long }) => [short, long]),
  );
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') break;
    if (takesValue.has(word)) at++;
    else if (!word.startsWith('-') || word === '-') {
      const named = commands.some((command) => command.name === word);
      return named ? { name: word, rest: argv.toSpliced(at, 1) } : { name: null, rest: argv };
    }
  }
  return { name: null, rest: argv };
}

/** `--fix web`: an option whose value is optional takes one only by `=`, never the word after it. */
function withPreset(word: string, { options }: Command): string {
  const option = options.find((one: Option) => one.optional && one.long === word);
  return option ? `${word}=${String(option.presetArg ?? '')}` : word;
}

const CODES: Readonly<Record<string, string>> = {
  'commander.unknownOption': 'unknown-option',
  'commander.missingArgument': 'missing-argument',
  'commander.optionMissingArgument': 'missing-value',
  'commander.invalidArgument': 'bad-value',
  'commander.excessArguments': 'too-many-words',
  'commander.conflictingOption': 'conflicting-options',
};

/** commander's message in our three parts: its first line says what; a suggestion is what to type. */
function asFailure(error: CommanderError, command: Command): Failure {
  const [first = '', second = ''] = error.message.replace(/^error: /, '').split('\n');
  const suggested = /Did you mean (.+?)\?/.exec(second)?.[1];
  const text = plain(first).replaceAll("'", '"');
  const message = `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
  const help = `${PROGRAM}${command.name === DEFAULT ? '' : ` ${command.name}`} --help shows what it takes.`;
  return wrongCall(
    CODES[error.code] ?? 'wrong-call',
    message,
    suggested ? `Did you mean ${suggested}? ${help}` : help,
  );
}
