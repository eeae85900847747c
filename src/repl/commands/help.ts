import type { Glyphs } from '../../output/glyphs.ts';
import { type Line, row, span } from '../../output/line/span.ts';
import { cell, cut, widthOf } from '../../output/line/width.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { nearest } from '../../words/nearest.ts';
import { bindings, keyName } from '../bindings.ts';
import { type Command, command, type Group, say, wrong } from '../command.ts';

const KEYS = 'keys';

const TITLES: Readonly<Record<Group, string>> = {
  case: 'The case',
  host: 'This host',
  netdoctor: 'Netdoctor',
};

/** Below this what a thing does stands under its name. */
const NARROW = 60;

interface Entry {
  readonly name: string;
  readonly does: string;
}

const widest = (rows: readonly Entry[]): number => Math.max(...rows.map(({ name }) => widthOf(name)));

/** Names, and beside them what they do. */
function table(rows: readonly Entry[], columns: number, wide = widest(rows)): Line[] {
  if (columns < NARROW)
    return rows.flatMap(({ name, does }) => [
      cut([span(`  ${name}`, 'accent')], columns),
      ...paragraph('    ', does, columns, 'dim'),
    ]);
  return rows.flatMap(({ name, does }) =>
    paragraph('', does, columns - wide - 4).map(
      (line, index): Line => [span(`  ${cell(index === 0 ? name : '', wide)}  `, 'accent'), ...line],
    ),
  );
}

function allCommands(commands: readonly Command[], columns: number): Line[] {
  return (Object.keys(TITLES) as Group[]).flatMap((group) => [
    row(TITLES[group], 'strong'),
    ...table(
      commands.filter((each) => each.group === group),
      columns,
      widest(commands),
    ),
    [],
  ]);
}

const allKeys = ({ ascii }: Glyphs, columns: number): Line[] =>
  table(
    bindings.map(({ keys, does, onEmptyLine }) => ({
      name: keys.map((name) => keyName(name, ascii)).join(' '),
      does: onEmptyLine ? `on an empty line: ${does}` : does,
    })),
    columns,
  );

/** The keys that everybody wants, in a sentence. */
function firstKeys({ ascii }: Glyphs, columns: number): Line[] {
  const said = bindings.flatMap(({ keys, short }) => (short ? [`${keyName(keys[0]!, ascii)} ${short}`] : []));
  return [row('Keys', 'strong'), ...paragraph('  ', said.join('; '), columns)];
}

function one({ name, usage, does, more }: Command, columns: number): Line[] {
  const words = `${does[0]!.toUpperCase()}${does.slice(1)}.${more ? ` ${more}` : ''}`;
  return [row(`${name} ${usage}`.trimEnd(), 'strong'), ...paragraph('  ', words, columns)];
}

export default command({
  name: 'help',
  usage: `[command|${KEYS}]`,
  group: 'netdoctor',
  does: 'shows the commands, one command, or the keys',
  slots: (done) => (done.length === 0 ? [{ words: [KEYS] }, 'command'] : []),
  run([, word], { commands, columns, glyphs }) {
    const wide = Math.min(columns, 100);
    if (!word)
      return say([
        ...allCommands(commands, wide),
        ...firstKeys(glyphs, wide),
        [],
        ...paragraph('', `help COMMAND says more, help ${KEYS} lists every key.`, wide, 'dim'),
      ]);
    if (word.text === KEYS) return say(allKeys(glyphs, wide));
    const found = commands.find(({ name }) => name === word.text);
    if (found) return say(one(found, wide));
    const names = [KEYS, ...commands.map(({ name }) => name)];
    const meant = nearest(word.text, names);
    return wrong(1, `There is no command "${word.text}".`, meant ? `Did you mean "${meant}"?` : 'Type: help');
  },
});
