import { installLine } from '../../host/installing.ts';
import { known } from '../../model/answer.ts';
import { ability } from '../ability.ts';

/** Nothing passes it: no IPv4 packet is of version 0. libpcap refuses what it sees to let nothing through. */
const NOTHING = 'ip[0] == 0';

export default ability({
  name: 'captures',
  does: 'captures packets on every interface of the path',
  async attempt(machine) {
    const socket = machine.packets(machine.self, { filter: NOTHING }, () => {});
    if (!socket.known) return socket;
    await socket.value.stop();
    return known('packet sockets, filters by libpcap', socket.source);
  },
  get: () => installLine('libpcap'),
});
