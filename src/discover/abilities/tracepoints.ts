import { type Answer, known } from '../../model/answer.ts';
import { AS_ROOT, ability } from '../ability.ts';

export default ability({
  name: 'tracepoints',
  does: 'hears from the kernel where a packet went and who dropped it',
  attempt(machine): Answer<string> {
    const root = machine.tracefs();
    if (!root.known) return root;
    const format = machine.read(`${root.value}/events/skb/kfree_skb/format`);
    if (!format.known) return format;
    // The field came with Linux 5.17.
    const says = /\breason\b/.test(format.value)
      ? 'with reasons'
      : 'without reasons (they came with Linux 5.17)';
    return known(`skb:kfree_skb ${says}`, format.source);
  },
  get: () => AS_ROOT,
});
