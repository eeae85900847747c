import { ask } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { type Answer, known } from '../../model/answer.ts';
import { shellLine } from '../../words/text.ts';
import { processTarget } from '../process-target.ts';
import { runtime } from '../runtime.ts';

/** Where root's containers are kept, and where another place is named: lxc.system.conf(5). */
const KEPT = '/var/lib/lxc';
const SETTINGS = '/etc/lxc/lxc.conf';

/**
 * Is there none on this host? None is kept, and none runs that is not: whoever watches over one listens to
 * `@/var/lib/lxc/NAME/command`. On most hosts no program need be started to be told so.
 */
function hasNone(machine: Machine): boolean {
  // Others keep theirs in folders of their own.
  if (machine.uid !== 0) return false;
  const [settings, kept] = [machine.read(SETTINGS), machine.list(KEPT)];
  if (settings.known ? settings.value.includes('lxcpath') : settings.because !== 'vanished') return false;
  if (kept.known ? kept.value.length > 0 : kept.because !== 'vanished') return false;
  const sockets = machine.read('/proc/net/unix');
  return sockets.known && !/ @\S*\/command$/m.test(sockets.value);
}

const NONE: Answer<never[]> = known([], ['ls', KEPT]);

/** Containers of LXC itself (lxc-start): lxc-info(1), lxc-ls(1). Those of Incus and LXD have clients of their own. */
export default runtime({
  name: 'lxc',
  bare: true,
  async find(machine, name) {
    if (hasNone(machine)) return NONE;
    const answer = await ask(machine, ['lxc-info', '--name', name, '--state', '--pid']);
    if (!answer.known) {
      const absent = answer.because === 'no-such-tool' || /doesn't exist/i.test(answer.detail);
      return absent ? known([], answer.source) : answer;
    }
    const told = (key: string): string =>
      new RegExp(`^${key}:\\s*(.+)$`, 'im').exec(answer.value)?.[1]?.trim() ?? '';
    return known(
      [
        processTarget(machine, {
          runtime: 'lxc',
          name,
          id: null,
          state: told('State').toLowerCase(),
          pid: Number(told('PID') || 0),
          start: shellLine(['lxc-start', name]),
          inspect: shellLine(['lxc-info', name]),
          about: 'LXC container',
        }),
      ],
      answer.source,
    );
  },
  async list(machine) {
    if (hasNone(machine)) return NONE;
    const answer = await ask(machine, ['lxc-ls', '--fancy', '--fancy-format', 'NAME,STATE,PID']);
    if (!answer.known) return answer.because === 'no-such-tool' ? known([], answer.source) : answer;
    const rows = answer.value
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/));
    return known(
      rows.flatMap(([name, state, pid]) =>
        name
          ? [
              {
                runtime: 'lxc',
                name,
                id: null,
                state: (state ?? '').toLowerCase(),
                pid: Number(pid) > 0 ? Number(pid) : null,
                addresses: [],
                networks: [],
              },
            ]
          : [],
      ),
      answer.source,
    );
  },
});
