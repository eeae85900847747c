/** `ethtool -K X feature on|off …`: the interface's offloads. */
import { mapAnswer } from '../../model/answer.ts';
import { run } from '../../model/fix.ts';
import { ask } from '../ask.ts';
import { lines, type State } from '../state.ts';
import type { Observe } from '../subject.ts';

/** Features that may be set; the others are `[fixed]` or follow. */
const features = (text: string): State =>
  Object.fromEntries(
    lines(text)
      .map((line) => /^\s*([\w-]+): (on|off)(?: \[requested \w+\])?$/.exec(line))
      .flatMap((match) => (match ? [[match[1] ?? '', match[2] ?? '']] : [])),
  );

export default ((argv) => {
  const device = argv[2];
  if (argv[0] !== 'ethtool' || !['-K', '--offload', '--features'].includes(argv[1] ?? '') || !device)
    return null;
  return {
    what: `offloads of ${device}`,
    read: async (look) => mapAnswer(await ask(look, ['ethtool', '-k', device]), features),
    restore: (now, wanted) => {
      const words = Object.keys(wanted).flatMap((name) =>
        name in now && now[name] !== wanted[name] ? [name, wanted[name] ?? 'on'] : [],
      );
      return words.length > 0 ? [run(['ethtool', '-K', device, ...words])] : [];
    },
  };
}) satisfies Observe as Observe;
