/** netdoctor(8), in the macros of man(7), from the same tables as docs/commands.md. */
import { DEFAULT, PROGRAM } from '../../src/main/arguments.ts';
import type { Command } from '../../src/main/command.ts';
import { common, help } from '../../src/main/options.ts';
import { commands } from '../../src/main/registry.ts';
import { type Flag, flagOf } from '../../src/main/vocabulary.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { flagText, flagWords } from './flag.ts';

/** Text as roff(7) takes it: no escape, no hyphen for a minus, no request at the start of a line, ASCII alone. */
export const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '')
    .replace(/^([.'])/gm, '\\&$1')
    .replace(
      /[^\n -~]/g,
      (sign) => `\\[u${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
    );

const FILES: readonly (readonly [string, string])[] = [
  ['/var/lib/netdoctor', 'what netdoctor has changed on this host, and what takes it back'],
  ['/etc/netdoctor/config.yaml', 'settings of this host; ~/.config/netdoctor/config.yaml: of a user'],
  ['/etc/netdoctor/recipes', "recipes of one's own, beside those that it brings along"],
];

export const manPage = (version: string): string =>
  `${[
    '.\\" Written by `npm run reference` from the source. Change it there.',
    `.TH NETDOCTOR 8 "" "netdoctor ${version}" "System administration"`,
    '.SH NAME',
    `netdoctor \\- ${roff("shows where a container's packets stop, why, and how to mend it")}`,
    '.SH SYNOPSIS',
    '.B netdoctor',
    '.RI < target > " [" options ]',
    '.br',
    '.B netdoctor',
    '.RI < command > " [" options ]',
    '.SH DESCRIPTION',
    roff(
      'A probe is sent through the real path of a container while every interface on the way is watched, and the kernel is asked what it did to the packet. The verdict names the place, the cause and the commands that mend it. What could not be looked at is said, and the verdict is then undecided.',
    ),
    '.PP',
    roff(
      'A target is a container’s name or id, docker:NAME, netns:NAME (or a path), or pid:NUMBER. It runs as root. Options may stand anywhere.',
    ),
    '.SH COMMANDS',
    ...inOrder().flatMap(commandPart),
    '.SH OPTIONS OF EVERY COMMAND',
    ...[...common, help].filter(({ hidden }) => !hidden).flatMap((option) => flagPart(flagOf(option))),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(([code, means]) => entry(code, means)),
    '.SH FILES',
    ...FILES.flatMap(([file, what]) => entry(file, what)),
    '.SH SEE ALSO',
    '.BR ip (8),',
    '.BR nft (8),',
    '.BR conntrack (8),',
    '.BR tcpdump (8)',
  ].join('\n')}\n`;

function inOrder(): readonly Command[] {
  const shown = commands.filter(({ hidden }) => !hidden);
  return [...shown.filter(({ name }) => name === DEFAULT), ...shown.filter(({ name }) => name !== DEFAULT)];
}

function commandPart({ name, takes = '', does, more, options, examples }: Command): string[] {
  return [
    `.SS ${roff(`${PROGRAM} ${name} ${takes}`.trim())}`,
    roff(`${does.charAt(0).toUpperCase()}${does.slice(1)}.`),
    ...(more
      ? ['.PP', ...(/ {3}/.test(more) ? literal(more) : [roff(more.replaceAll('\n\n', '\n.PP\n'))])]
      : []),
    ...options.flatMap((option) => flagPart(flagOf(option))),
    ...(examples ? ['.PP', ...literal(examples.join('\n'))] : []),
  ];
}

/** As it stands, and in one piece. */
const literal = (text: string): string[] => ['.nf', roff(text), '.fi'];

const flagPart = (flag: Flag): string[] => entry(flagText(flag), flagWords(flag));

const entry = (term: string, text: string): string[] => ['.TP', `.B ${roff(term)}`, roff(text)];
