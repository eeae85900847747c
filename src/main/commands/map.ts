import { Option } from 'commander';
import { jsonText } from '../../output/json.ts';
import { command } from '../command.ts';
import { notes } from '../notes.ts';
import { json } from '../options.ts';

export default command({
  name: 'map',
  does: 'draws how namespaces, links and containers hang together',
  more: 'Looking into namespaces takes root; without it, what they hold is left out and said to be.',
  examples: ['netdoctor map', 'netdoctor map --dot', 'netdoctor map --json'],
  options: [
    json(),
    new Option('--dot', "in Graphviz' language").conflicts(['json', 'mermaid']),
    new Option('--mermaid', 'as a Mermaid flowchart').conflicts('json'),
  ],
  async run({ options, screen, machine }) {
    const { drawMap } = await import('../../discover/map.ts');
    const map = await drawMap(await machine());
    if (options.json) {
      screen.out(jsonText({ schema: 'netdoctor/map/1', ...map }));
      return 0;
    }
    if (options.dot || options.mermaid) {
      const { dot, mermaid } = await import('../../output/map/graph.ts');
      screen.out(options.dot ? dot(map) : mermaid(map));
    } else {
      const { ASCII, mapTree, portLines, UNICODE } = await import('../../output/map/tree.ts');
      const lines = screen.glyphs.ascii ? ASCII : UNICODE;
      const ports = portLines(map, lines);
      screen.out(
        [...mapTree(map, lines), ...(ports.length > 0 ? ['published ports', ...ports] : [])]
          .map((line) => `${line}\n`)
          .join(''),
      );
    }
    screen.err(notes(map.silent, screen));
    return 0;
  },
});
