/** The reference pages of docs/, written from the program's own data. */
import { causes } from '../../src/causes.ts';
import { version } from '../../src/host/package.ts';
import { DEFAULT, PROGRAM } from '../../src/main/arguments.ts';
import type { Command } from '../../src/main/command.ts';
import { common, help } from '../../src/main/options.ts';
import { commands } from '../../src/main/registry.ts';
import { type Flag, flagOf } from '../../src/main/vocabulary.ts';
import { documents } from '../../src/output/schema.ts';
import { architecturePages } from './architecture-page.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { flagText, flagWords } from './flag.ts';
import { manPage } from './man-page.ts';
import { code, joined, NOTE, table } from './markdown.ts';
import { recipesPage } from './recipes-page.ts';

export interface Page {
  /** Below the repository's root. */
  readonly file: string;
  readonly text: string;
}

export const pages = (): Page[] => [
  { file: 'docs/commands.md', text: commandsPage() },
  { file: 'docs/causes.md', text: causesPage() },
  { file: 'docs/recipes.md', text: recipesPage() },
  { file: 'docs/netdoctor.8', text: manPage(version()) },
  ...architecturePages(),
];

function commandsPage(): string {
  const shown = commands.filter(({ hidden }) => !hidden);
  const first = shown.filter(({ name }) => name === DEFAULT);
  const ordered = [...first, ...shown.filter(({ name }) => name !== DEFAULT)];
  return joined([
    '# Commands',
    NOTE,
    `\`${PROGRAM} <target>\` is \`${PROGRAM} ${DEFAULT} <target>\`. Options may stand anywhere.`,
    ...ordered.flatMap(commandPart),
    '## Options of every command',
    flagTable([...common, help].filter(({ hidden }) => !hidden).map(flagOf)),
    '## Exit codes',
    table(['code', 'means'], EXIT_CODES),
    '## Documents',
    `\`${PROGRAM} schema NAME\` prints the JSON Schema of each. They grow by addition: read past keys you do not know.`,
    table(
      ['name', 'written by'],
      documents.map(({ name, about }) => [name, about]),
    ),
  ]);
}

function commandPart({ name, takes = '', does, more, options, examples }: Command): string[] {
  return [
    `## \`${`${PROGRAM} ${name} ${takes}`.trim()}\``,
    `${does.charAt(0).toUpperCase()}${does.slice(1)}.`,
    ...(more
      ? [more.replace(/\n(?!\n)/g, / {3}/.test(more) ? '\n' : ' ')].map((text) =>
          / {3}/.test(text) ? code(text) : text,
        )
      : []),
    ...(options.length > 0 ? [flagTable(options.map(flagOf))] : []),
    ...(examples ? [code(examples.join('\n'))] : []),
  ];
}

const flagTable = (flags: readonly Flag[]): string =>
  table(
    ['option', 'does'],
    flags.map((flag) => [`\`${flagText(flag)}\``, flagWords(flag)]),
  );

const causesPage = (): string =>
  joined([
    '# Causes',
    NOTE,
    `What a verdict can name. \`${PROGRAM} explain CAUSE\` says the same. An id is stable: scripts may depend on it.`,
    table(
      ['id', 'means'],
      causes.map(({ id, title }) => [`[\`${id}\`](#${id})`, title]),
    ),
    ...causes.flatMap(({ id, title, explain }) => [`## ${id}`, `**${title}.**`, prose(explain)]),
  ]);

/** Paragraphs on one line each; what is indented stays as it is. */
const prose = (text: string): string =>
  text
    .split('\n\n')
    .map((one) => (/^ {2,}|\n {2,}/.test(one) ? one : one.replaceAll('\n', ' ')))
    .join('\n\n');
