import { destination } from '../../model/flow.ts';
import { row } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { failingInWords } from '../../words/failing.ts';
import { plain } from '../../words/text.ts';
import { command, say, wrong } from '../command.ts';

export default command({
  name: 'now',
  usage: '[NUMBER]',
  group: 'case',
  does: 'lists what the target’s own programs fail at now; with a number, diagnoses it',
  more: 'Their sockets are looked at, and what this host tracks of their packets. Nothing is sent.',
  waits: { what: 'the target’s sockets', seconds: 10 },
  slots: () => [],
  async run([, word], { target, around, columns }) {
    if (target === null) return wrong(-1, 'No target is chosen.', 'use TARGET chooses one.');
    if (word && !/^[1-9]\d{0,3}$/.test(word.text))
      return wrong(1, `"${plain(word.text)}" is no number of the list.`, 'Type: now, then: now 1');
    const all = await around.failing(target);
    if (word) {
      const one = all[Number(word.text) - 1];
      if (one)
        return { type: 'diagnose', wish: { target, from: one.from, to: destination(one), proto: one.proto } };
      const there = all.length === 0 ? 'Nothing fails there now' : `There are ${all.length} now`;
      return wrong(1, `There is no number ${word.text}.`, `${there}: now`);
    }
    if (all.length === 0)
      return say([row(`No connection and no question of ${plain(target)} waits in vain now.`, 'dim')]);
    return say(
      all.flatMap((one, index) =>
        paragraph(`${String(index + 1).padStart(2)}  `, failingInWords(one), columns),
      ),
    );
  },
});
