import { row } from '../../output/line/span.ts';
import { cut, widthOf } from '../../output/line/width.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { ASCII, type Lines, mapTree, portLines, UNICODE } from '../../output/map/tree.ts';
import { plain } from '../../words/text.ts';
import { command, say } from '../command.ts';

/** Where a branch is too wide, what it leads to stands in a row of its own; the strokes to its left go on. */
function fitted(text: string, { arrow, fork, bar, last, gap }: Lines, columns: number): string[] {
  const at = text.indexOf(`  ${arrow}`);
  if (at < 0 || widthOf(text) <= columns) return [text];
  const start = /^[\s│├└|`-]*/.exec(text)![0];
  const goesOn = start.replace(fork, bar).replace(last, gap);
  return [text.slice(0, at), `${goesOn}  ${text.slice(at + 2)}`];
}

export default command({
  name: 'map',
  usage: '',
  group: 'host',
  does: 'draws how namespaces, links and containers hang together',
  waits: { what: 'the interfaces of every namespace', seconds: 30 },
  slots: () => [],
  async run(_, { around, columns, glyphs }) {
    const map = await around.map();
    const strokes = glyphs.ascii ? ASCII : UNICODE;
    const ports = portLines(map, strokes);
    const lines = [...mapTree(map, strokes), ...(ports.length > 0 ? ['published ports', ...ports] : [])];
    return say([
      ...lines
        .flatMap((text) => fitted(text, strokes, columns))
        .map((text) => cut(row(text, text.startsWith(' ') ? 'plain' : 'strong'), columns, glyphs.more)),
      ...map.silent.flatMap((why) => paragraph('  not asked: ', plain(why), columns, 'dim')),
    ]);
  },
});
