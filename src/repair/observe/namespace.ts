/** `ip netns add|del NAME`: is there a namespace of that name? */
import { mapAnswer } from '../../model/answer.ts';
import { run } from '../../model/fix.ts';
import { ask } from '../ask.ts';
import { lines } from '../state.ts';
import type { Observe } from '../subject.ts';

export default ((argv) => {
  const [tool, object, verb, name] = argv;
  if (tool !== 'ip' || object !== 'netns' || name === undefined) return null;
  if (verb !== 'add' && verb !== 'del') return null;
  return {
    what: `network namespace ${name}`,
    read: async (look) =>
      mapAnswer(await ask(look, ['ip', 'netns', 'list']), (text) => ({
        exists: lines(text).some((line) => line.split(' ')[0] === name) ? 'yes' : 'no',
      })),
    restore: (now, wanted) =>
      now.exists === wanted.exists
        ? []
        : [run(['ip', 'netns', wanted.exists === 'yes' ? 'add' : 'del', name])],
  };
}) satisfies Observe as Observe;
