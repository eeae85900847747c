/** `ip xfrm policy add|delete …`: the IPsec policies. They are put back by the fix's own undo. */
import { mapAnswer } from '../../model/answer.ts';
import { ask } from '../ask.ts';
import { ipWords } from '../ip-words.ts';
import type { Observe } from '../subject.ts';

export default ((argv) => {
  if (argv[0] !== 'ip' || ipWords(argv).object !== 'xfrm') return null;
  return {
    what: 'IPsec policies',
    shared: true,
    read: async (look) =>
      mapAnswer(await ask(look, ['ip', '-o', 'xfrm', 'policy', 'list']), (text) => ({
        // The order is that of a hash table, and changes as policies come and go.
        policies: text
          .trim()
          .split(/\n(?=\S)/)
          .map((one) => one.replace(/\s+/g, ' ').trim())
          .sort()
          .join('\n'),
      })),
  };
}) satisfies Observe as Observe;
