import { ask } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { known, notKnown } from '../../model/answer.ts';
import { plain, shellLine } from '../../words/text.ts';
import { processTarget } from '../process-target.ts';
import { runtime } from '../runtime.ts';

/** systemd-machined keeps one file a machine here; `unit:` links lead to the same ones. */
const FOLDER = '/run/systemd/machines';

function registered(machine: Machine): readonly string[] {
  const names = machine.list(FOLDER);
  return names.known ? names.value.filter((name) => !/^unit:|^\./.test(name)) : [];
}

/** Containers of systemd-nspawn that systemd-machined knows: machinectl(1). */
export default runtime({
  name: 'nspawn',
  bare: true,
  async find(machine, name) {
    const argv = [
      'machinectl',
      'show',
      name,
      '--property=Leader',
      '--property=Class',
      '--property=State',
    ] as const;
    if (!registered(machine).includes(name)) return known([], argv);
    const answer = await ask(machine, argv);
    if (!answer.known) return answer.because === 'no-such-tool' ? known([], argv) : answer;
    const told = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(answer.value)?.[1] ?? '';
    if (told('Class') !== 'container')
      return notKnown('unsupported', `${plain(name)} is a ${plain(told('Class'))}, not a container`, argv);
    return known(
      [
        processTarget(machine, {
          runtime: 'nspawn',
          name,
          id: null,
          state: told('State'),
          pid: Number(told('Leader')),
          start: shellLine(['machinectl', 'start', name]),
          inspect: shellLine(['machinectl', 'status', name]),
          about: 'systemd-nspawn container',
        }),
      ],
      argv,
    );
  },
  async list(machine) {
    return known(
      registered(machine).map((name) => ({
        runtime: 'nspawn',
        name,
        id: null,
        state: 'running',
        pid: null,
        addresses: [],
        networks: [],
      })),
      ['machinectl', 'list'],
    );
  },
});
