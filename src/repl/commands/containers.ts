import { paragraph } from '../../output/line/wrap.ts';
import { candidateLines } from '../../output/picture/candidates.ts';
import { plain } from '../../words/text.ts';
import { command, say } from '../command.ts';

export default command({
  name: 'containers',
  usage: '',
  group: 'host',
  does: 'lists every container and namespace that can be a target',
  waits: { what: 'the runtimes and namespaces of this host', seconds: 30 },
  slots: () => [],
  async run(_, { around, columns, glyphs }) {
    const { candidates, silent } = await around.inventory();
    const none = paragraph('', 'No container or named network namespace is here.', columns, 'dim');
    return say([
      ...(candidates.length > 0 ? candidateLines(candidates, columns, glyphs) : none),
      ...silent.flatMap((why) => paragraph('  not asked: ', plain(why), columns, 'dim')),
    ]);
  },
});
