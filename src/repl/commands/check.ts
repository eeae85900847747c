import type { Proto } from '../../model/flow.ts';
import { command, wrong } from '../command.ts';

const PROTOS: readonly string[] = ['icmp', 'tcp', 'udp', 'dns'];

export default command({
  name: 'check',
  usage: '[target] [to HOST[:PORT]] [icmp|tcp|udp|dns]',
  group: 'case',
  does: 'asks again, or asks something else',
  slots(done) {
    if (done.at(-1) === 'to') return ['destination'];
    const words = [...(done.includes('to') ? [] : ['to']), ...PROTOS];
    return done.length === 0 ? [{ words }, 'target'] : [{ words }];
  },
  run(words, { target, asked }) {
    let named: string | undefined;
    let to: string | undefined;
    let proto: Proto | undefined;
    for (let index = 1; index < words.length; index += 1) {
      const word = words[index]!.text;
      if (word === 'to') {
        index += 1;
        to = words[index]?.text;
        if (to === undefined)
          return wrong(index - 1, 'A destination is missing after "to".', 'Type: check to 1.1.1.1');
      } else if (PROTOS.includes(word)) proto = word as Proto;
      else if (named === undefined && to === undefined) named = word;
      else
        return wrong(
          index,
          `I do not know what "${word}" means here.`,
          'Type: check [target] [to HOST[:PORT]] [tcp]',
        );
    }
    const chosen = named ?? target;
    if (chosen === null) return wrong(-1, 'No container is chosen yet.', 'Type: check NAME, or: containers');
    // Without a destination the question before is asked again; a new one starts afresh.
    if (to !== undefined) return { type: 'diagnose', wish: { target: chosen, to, proto } };
    const again = asked && !asked.usual ? { to: asked.to, from: asked.from, proto: asked.proto } : {};
    return { type: 'diagnose', wish: { ...again, target: chosen, ...(proto ? { proto } : {}) } };
  },
});
