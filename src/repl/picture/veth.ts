/** Veth pairs, a row each: the container's end, the host's end, and the bridge it is a port of. */
import type { VethEnd, VethPair } from '../../discover/veth.ts';
import type { Glyphs } from '../../output/glyphs.ts';
import { type Line, span } from '../../output/line/span.ts';
import { cell, cut, widthOf } from '../../output/line/width.ts';
import { named, plain } from '../../words/text.ts';

const words = ({ where, name, ifindex }: VethEnd): string =>
  plain(`${where === 'host' ? '' : `${where} `}${name} (${ifindex})`);

function otherEnd({ found, peers }: VethPair): string {
  if (found === 'none') return 'in no namespace that has a name';
  return found === 'ambiguous' ? `ambiguous: ${peers.map(words).join(' or ')}` : peers.map(words).join(', ');
}

export function vethLines(pairs: readonly VethPair[], columns: number, glyphs: Glyphs): Line[] {
  const rows = pairs.map((pair) => {
    const { container, found, peers } = pair;
    const master = found === 'one' ? peers[0]?.master : null;
    return {
      where: plain(container.where),
      inside: `${named(container.name)} (${container.ifindex})`,
      other: `${glyphs.arrow} ${otherEnd(pair)}${master ? `, port of ${plain(master)}` : ''}`,
    };
  });
  const where = Math.max(...rows.map((one) => widthOf(one.where)));
  const inside = Math.max(...rows.map((one) => widthOf(one.inside)));
  return rows.map((one) =>
    cut(
      [
        span(`  ${cell(one.where, where)}  `, 'strong'),
        span(`${cell(one.inside, inside)}  `),
        span(one.other),
      ],
      columns,
      glyphs.more,
    ),
  );
}
