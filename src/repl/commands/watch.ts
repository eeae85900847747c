import { command } from '../command.ts';
import { flowOf, flowSlots } from '../flow-words.ts';

export default command({
  name: 'watch',
  usage: '[to HOST[:PORT]]',
  group: 'case',
  does: 'asks again and again: what is lost where, and what changed',
  more: 'A probe every 200 ms; it takes the words of `check`. Ctrl-C ends it, and shows the whole. `netdoctor watch` draws it, and has more options.',
  slots: flowSlots,
  run(words, desk) {
    const wish = flowOf(words, desk);
    return 'type' in wish ? wish : { type: 'watch', wish };
  },
});
