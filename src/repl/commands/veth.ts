import { paragraph } from '../../output/line/wrap.ts';
import { plain } from '../../words/text.ts';
import { command, say } from '../command.ts';
import { vethLines } from '../picture/veth.ts';

export default command({
  name: 'veth',
  usage: '[target|interface]',
  group: 'host',
  does: 'shows which interface of this host belongs to which container',
  more: 'Name a container, or an interface of either side.',
  waits: { what: 'the interfaces of every namespace', seconds: 30 },
  slots: (done) => (done.length === 0 ? ['target'] : []),
  async run([, word], { around, columns, glyphs }) {
    const { pairs, silent } = await around.veths();
    const name = word?.text;
    const shown = pairs.filter(
      ({ container, peers }) =>
        name === undefined ||
        container.where === name ||
        container.where.endsWith(`:${name}`) ||
        peers.some((peer) => peer.name === name),
    );
    const none = name === undefined ? 'No veth pair was found.' : `No veth pair belongs to ${plain(name)}.`;
    return say([
      ...(shown.length > 0 ? vethLines(shown, columns, glyphs) : paragraph('', none, columns, 'dim')),
      ...silent.flatMap((why) => paragraph('  not asked: ', plain(why), columns, 'dim')),
    ]);
  },
});
