import { Failure } from '../../model/failure.ts';
import { nearest } from '../../words/nearest.ts';
import { list, plain } from '../../words/text.ts';
import { command, wrong } from '../command.ts';

export default command({
  name: 'use',
  usage: 'CONTAINER',
  group: 'host',
  does: 'makes another container the one that is talked about',
  waits: { what: 'the runtimes of this host', seconds: 30 },
  slots: (done) => (done.length === 0 ? ['target'] : []),
  async run([, word], { around }) {
    const names = async (): Promise<string[]> => (await around.targets()).candidates.map(({ name }) => name);
    if (!word) {
      const all = await names();
      const hint = all.length > 0 ? `There are ${list(all.map(plain))}.` : 'Type: containers';
      return wrong(-1, 'Which container?', hint);
    }
    try {
      await around.find(word.text);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const meant = error.problem.code === 'unknown-target' ? nearest(word.text, await names()) : null;
      return wrong(1, error.problem.message, meant ? `Did you mean "${meant}"?` : error.problem.hint);
    }
    return { type: 'use', target: word.text };
  },
});
