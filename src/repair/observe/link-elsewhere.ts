/** `ip link add link PARENT name NAME netns PATH type …`: the new interface lives in another namespace at once. */
import { known, mapAnswer } from '../../model/answer.ts';
import { run } from '../../model/fix.ts';
import { askIfAny } from '../ask.ts';
import { after, ipWords, ownWords } from '../ip-words.ts';
import type { Observe } from '../subject.ts';

export default ((argv) => {
  const { object, verb, rest } = ipWords(argv);
  if (argv[0] !== 'ip' || object !== 'link' || verb !== 'add') return null;
  const [name, path] = [after(ownWords(rest), 'name'), after(ownWords(rest), 'netns')];
  if (name === null || path === null || !path.includes('/')) return null;
  return {
    what: `interface ${name} in ${path}`,
    read: async ({ machine }) => {
      const netns = machine.netns(path);
      if (!netns.known) return netns;
      const shown = await askIfAny({ machine, in: netns.value }, ['ip', 'link', 'show', 'dev', name]);
      return shown.known
        ? known({ exists: shown.value === null ? 'no' : 'yes' }, shown.source)
        : mapAnswer(shown, () => ({}));
    },
    restore: (now, wanted) =>
      now.exists === 'yes' && wanted.exists === 'no'
        ? [run(['nsenter', `--net=${path}`, 'ip', 'link', 'del', 'dev', name])]
        : [],
  };
}) satisfies Observe as Observe;
