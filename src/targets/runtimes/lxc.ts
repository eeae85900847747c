import { ask } from '../../host/ask.ts';
import { known } from '../../model/answer.ts';
import { shellLine } from '../../words/text.ts';
import { processTarget } from '../process-target.ts';
import { runtime } from '../runtime.ts';

/** Containers of LXC itself (lxc-start): lxc-info(1), lxc-ls(1). Those of Incus and LXD have clients of their own. */
export default runtime({
  name: 'lxc',
  bare: true,
  async find(machine, name) {
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
