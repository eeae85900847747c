import { nearest } from '../../model/nearest.ts';
import { type Line, row, span } from '../../output/line/span.ts';
import { cell, cut, widthOf } from '../../output/line/width.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { bindings, keyName } from '../bindings.ts';
import { command, say, wrong } from '../command.ts';

export default command({
  name: 'help',
  usage: '[command]',
  does: 'shows the commands and keys, or one command',
  slots: (done) => (done.length === 0 ? ['command'] : []),
  run([, word], { commands, columns, glyphs }) {
    if (word) {
      const found = commands.find(({ name }) => name === word.text);
      if (!found) {
        const meant = nearest(
          word.text,
          commands.map(({ name }) => name),
        );
        return wrong(
          1,
          `There is no command "${word.text}".`,
          meant ? `Did you mean "${meant}"?` : 'Type help.',
        );
      }
      return say([
        row(`${found.name} ${found.usage}`.trimEnd(), 'strong'),
        ...paragraph('  ', found.does, columns),
      ]);
    }
    const calls = commands.map(({ name, usage, does }) => ({ call: `${name} ${usage}`.trimEnd(), does }));
    const keys = bindings.map(({ keys: names, does }) => ({
      call: names.map((name) => keyName(name, glyphs.ascii)).join(' '),
      does,
    }));
    const table = (rows: readonly { call: string; does: string }[]): Line[] => {
      const wide = Math.min(Math.max(...rows.map(({ call }) => widthOf(call))), Math.floor(columns / 2));
      return rows.flatMap(({ call, does }) =>
        widthOf(call) > wide
          ? [cut([span(`  ${call}`)], columns), ...paragraph(' '.repeat(wide + 4), does, columns)]
          : paragraph(`  ${cell(call, wide)}  `, does, columns),
      );
    };
    return say([row('Commands', 'strong'), ...table(calls), [], row('Keys', 'strong'), ...table(keys)]);
  },
});
