import { known } from '../../model/answer.ts';
import { wrongCall } from '../../model/failure.ts';
import { plain } from '../../words/text.ts';
import { runtime } from '../runtime.ts';

/** A process, and the namespace it lives in. */
export default runtime({
  name: 'pid',
  bare: false,
  async find(machine, name) {
    const pid = Number(name);
    if (!Number.isSafeInteger(pid) || pid < 1)
      throw wrongCall('bad-pid', `"${plain(name)}" is no process id`, 'Give a number: netdoctor pid:1234');
    const netns = machine.netns(`/proc/${pid}/ns/net`);
    if (!netns.known) return netns.because === 'vanished' ? known([], netns.source) : netns;
    const comm = machine.read(`/proc/${pid}/comm`);
    return known(
      [
        {
          runtime: 'pid',
          name: String(pid),
          id: null,
          pid,
          netns: netns.value,
          hostNetwork: netns.value.inode === machine.self.inode,
          mode: null,
          networks: [],
          ports: [],
          resolvConf: null,
          about: `process ${comm.known ? plain(comm.value.trim()) : pid}`,
        },
      ],
      netns.source,
    );
  },
  async list() {
    return known([], []);
  },
});
