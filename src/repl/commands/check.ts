import { command } from '../command.ts';
import { flowOf, flowSlots } from '../flow-words.ts';

export default command({
  name: 'check',
  usage: '[target] [to HOST[:PORT]] [icmp|tcp|udp|dns]',
  group: 'case',
  does: 'asks again, or asks something else',
  slots: flowSlots,
  run(words, desk) {
    const wish = flowOf(words, desk);
    return 'type' in wish ? wish : { type: 'diagnose', wish };
  },
});
