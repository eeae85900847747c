import { ask } from '../../host/ask.ts';
import { known, mapAnswer } from '../../model/answer.ts';
import type { XfrmPolicy } from '../../model/facts.ts';
import { plain } from '../../words/text.ts';
import { fact } from '../fact.ts';

/** A policy begins in the first column; direction, action and templates are indented below. */
export function parsePolicies(text: string): XfrmPolicy[] {
  return text.split(/\n(?=src )/).flatMap((block) => {
    const [, source, destination] = /^src (\S+) dst (\S+)/.exec(block) ?? [];
    const direction = /^\s+(?:socket )?dir (\w+)/m.exec(block)?.[1] ?? /^\s+socket (\w+)/m.exec(block)?.[1];
    if (source === undefined || destination === undefined || direction === undefined) return [];
    return [
      {
        text: plain(block.trim().replace(/\s+/g, ' ')),
        direction,
        action: / action (\w+)/.exec(block)?.[1] ?? 'allow',
        source,
        destination,
        template: /^\s+tmpl /m.test(block),
      },
    ];
  });
}

/** IPsec policies of the host. Source: ip-xfrm(8). */
export default fact({
  name: 'xfrm',
  async gather(machine) {
    const argv = ['ip', 'xfrm', 'policy'] as const;
    const count = machine.kernelTells('policies', null, null);
    if (count.known && count.value === 0) return known([], argv);
    return mapAnswer(await ask(machine, argv), parsePolicies);
  },
});
