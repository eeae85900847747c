import { nearest } from '../../model/nearest.ts';
import { list, plain } from '../../model/words.ts';
import { command, wrong } from '../command.ts';

export default command({
  name: 'use',
  usage: 'CONTAINER',
  group: 'host',
  does: 'makes another container the one that is talked about',
  waits: { what: 'the runtimes of this host', seconds: 30 },
  slots: (done) => (done.length === 0 ? ['target'] : []),
  async run([, word], { around }) {
    const { candidates, silent } = await around.targets();
    const names = candidates.map(({ name }) => name);
    if (!word)
      return wrong(
        -1,
        'Which container?',
        names.length > 0 ? `There are ${list(names.map(plain))}.` : 'Type: containers',
      );
    // A form with a runtime, a path or an id is the engine's to find; a bare name can be checked here.
    const bare = !/[:/]/.test(word.text);
    const known = candidates.some(({ name, id }) => name === word.text || id?.startsWith(word.text));
    if (bare && !known && silent.length === 0) {
      const meant = nearest(word.text, names);
      return wrong(
        1,
        `No container or namespace is called "${word.text}".`,
        meant ? `Did you mean "${meant}"?` : 'Type: containers',
      );
    }
    return { type: 'use', target: word.text };
  },
});
