import { plain } from '../../model/words.ts';
import { row } from '../../output/line/span.ts';
import { cut } from '../../output/line/width.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { ASCII, mapTree, portLines, UNICODE } from '../../output/map/tree.ts';
import { command, say } from '../command.ts';

export default command({
  name: 'map',
  usage: '',
  does: 'shows every namespace, link, bridge and container of this host, and how they hang together',
  slots: () => [],
  async run(_, { around, columns, glyphs }) {
    const map = await around.map();
    const strokes = glyphs.ascii ? ASCII : UNICODE;
    const ports = portLines(map, strokes);
    // A branch that is broken is no tree any more: what is too wide is cut.
    const lines = [...mapTree(map, strokes), ...(ports.length > 0 ? ['published ports', ...ports] : [])];
    return say([
      ...lines.map((text) => cut(row(text, text.startsWith(' ') ? 'plain' : 'strong'), columns, glyphs.more)),
      ...map.silent.flatMap((why) => paragraph('  not asked: ', plain(why), columns, 'dim')),
      [],
    ]);
  },
});
