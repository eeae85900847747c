import { row } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { plain } from '../../words/text.ts';
import { command, say } from '../command.ts';

export default command({
  name: 'keep',
  usage: '',
  group: 'host',
  does: 'keeps what --rollback-after would take back',
  slots: () => [],
  async run(_, { around, columns, glyphs }) {
    const kept = await around.keep();
    return say(
      kept.length === 0
        ? [row('No change waits to be kept.', 'dim')]
        : kept.flatMap(({ title }) =>
            paragraph(`${glyphs.good} `, `Kept: ${plain(title)}.`, columns, 'good'),
          ),
    );
  },
});
