import { nearest } from '../../words/nearest.ts';
import { list, plain, shellLine } from '../../words/text.ts';
import { command, READ_ONLY, wrong } from '../command.ts';

export default command({
  name: 'setup',
  usage: '[recipe]',
  group: 'host',
  does: 'builds a container network step by step, and explains it',
  more: 'It asks, shows each command before it runs, proves the result, and can take it back: `undo`.',
  slots: (done) => (done.length === 0 ? ['recipe'] : []),
  run([, word], { defaults, draws, around }) {
    if (defaults.readOnly) return wrong(-1, READ_ONLY, 'Start it again without.');
    const names = around.recipes().map(({ name }) => name);
    if (word && !names.includes(word.text)) {
      const meant = nearest(word.text, names);
      const hint = meant ? `Did you mean "${meant}"?` : `There are ${list(names.map(plain))}.`;
      return wrong(1, `There is no recipe "${word.text}".`, hint);
    }
    if (!draws) {
      const call = word
        ? `${shellLine(['netdoctor', 'setup', word.text])} --set NAME=VALUE --yes`
        : 'netdoctor setup list';
      return wrong(-1, 'The wizard draws, and this conversation is in lines.', `Type in a shell: ${call}`);
    }
    return { type: 'set-up', recipe: word?.text ?? null };
  },
});
