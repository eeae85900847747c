/** `modprobe NAME`: whether the module is loaded. */
import { mapAnswer } from '../../model/answer.ts';
import { run } from '../../model/fix.ts';
import type { Observe } from '../subject.ts';

export default ((argv) => {
  const name = argv.filter((word) => !word.startsWith('-'))[1]?.replaceAll('-', '_');
  if (argv[0] !== 'modprobe' || name === undefined) return null;
  return {
    what: `kernel module ${name}`,
    read: async ({ machine }) =>
      mapAnswer(machine.read('/proc/modules'), (text) => ({
        module: new RegExp(`^${name} `, 'm').test(text) ? 'loaded' : 'not loaded',
      })),
    expected: () => ({ module: argv.includes('-r') ? 'not loaded' : 'loaded' }),
    restore: (_, wanted) => [run(wanted.module === 'loaded' ? ['modprobe', name] : ['modprobe', '-r', name])],
  };
}) satisfies Observe as Observe;
