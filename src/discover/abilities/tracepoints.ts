import type { Machine } from '../../host/machine.ts';
import { type Naming, namingOf } from '../../host/trace/naming.ts';
import { type Answer, known } from '../../model/answer.ts';
import { AS_ROOT, ability } from '../ability.ts';

/** How the functions that throw packets away are named; `%pS` prints names, `%p` addresses that are hashed or not. */
const FUNCTIONS: Record<Naming, string> = {
  told: 'and functions',
  address: 'and functions by their addresses in /proc/kallsyms',
  stack: 'and functions by the stack behind each drop, as their addresses are hashed',
};

const functionsOf = (machine: Machine, root: string, format: string): string => {
  const naming = namingOf(format, machine.read(`${root}/options/hash-ptr`).known);
  const hidden = naming === 'address' && !/^(?!0{16})\w{16} /m.test(kallsyms(machine));
  return hidden ? 'and no functions: kernel.kptr_restrict hides their addresses' : FUNCTIONS[naming];
};

const kallsyms = (machine: Machine): string => {
  const symbols = machine.read('/proc/kallsyms');
  return symbols.known ? symbols.value : '';
};

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
    return known(`skb:kfree_skb ${says}, ${functionsOf(machine, root.value, format.value)}`, format.source);
  },
  get: () => AS_ROOT,
});
