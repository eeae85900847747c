import { lookUpLines } from '../../output/picture/look-up.ts';
import { command, say, wrong } from '../command.ts';

export default command({
  name: 'dns',
  usage: 'NAME',
  group: 'case',
  does: 'tells how the target’s programs look one name up: who is asked, in which order, and what they say',
  more: 'The questions are put from the container’s network, to its own name servers.',
  waits: { what: 'the name servers', seconds: 20 },
  slots: () => [],
  async run([, word], { target, around, columns }) {
    if (target === null) return wrong(-1, 'No target is chosen.', 'use TARGET chooses one.');
    if (!word) return wrong(-1, 'The name is missing.', 'Name one: dns db.example');
    return say(lookUpLines(await around.lookUp(target, word.text), columns));
  },
});
