import type { Hop } from '../../model/path.ts';
import { row } from '../../output/line/span.ts';
import { hopLines } from '../../output/picture/hop.ts';
import { pathBeside, WIDE } from '../../output/picture/path-beside.ts';
import { nearest } from '../../words/nearest.ts';
import { command, say, wrong } from '../command.ts';
import { withCase } from '../the-case.ts';

/** By number from 1, id, or name where only one has it. */
function find(hops: readonly Hop[], word: string): Hop | undefined {
  if (/^\d+$/.test(word)) return hops[Number(word) - 1];
  const named = hops.filter(({ name }) => name === word);
  return hops.find(({ id }) => id === word) ?? (named.length === 1 ? named[0] : undefined);
}

export default command({
  name: 'hop',
  usage: 'NUMBER|NAME',
  group: 'case',
  does: 'shows everything known of one interface of the path',
  slots: (done) => (done.length === 0 ? ['hop'] : []),
  run([, word], desk) {
    return withCase(desk, ({ run }) => {
      const hops = run.path?.hops ?? [];
      if (!word) return wrong(-1, 'Which hop?', `Type a number from 1 to ${hops.length}: hop 1`);
      const hop = find(hops, word.text);
      if (!hop) {
        const meant = nearest(
          word.text,
          hops.map(({ id }) => id),
        );
        const hint = meant ? `Did you mean "${meant}"?` : `The hops: ${hops.map(({ id }) => id).join(', ')}`;
        return wrong(1, `The path has no hop "${word.text}", or more than one.`, hint);
      }
      if (desk.columns < WIDE) return say([row(hop.id, 'strong'), ...hopLines(hop, run, desk.columns)]);
      return say(pathBeside(run, desk.columns, desk.glyphs, hop));
    });
  },
});
