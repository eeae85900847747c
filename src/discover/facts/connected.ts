import { known, mapAnswer } from '../../model/answer.ts';
import type { Connected } from '../../model/facts.ts';
import { carrier } from '../../model/flow.ts';
import { processName } from '../../words/telling.ts';
import { fact } from '../fact.ts';
import { fromAll, sides } from '../sides.ts';
import { holdersOf } from '../socket-holders.ts';

/** Connected UDP sockets in each namespace of the path, of a flow of datagrams. Source: sock_diag(7). */
export default fact({
  name: 'connected',
  gather(machine, ground) {
    if (carrier(ground.flow) !== 'udp') return known([], []);
    return fromAll(sides(ground), async ({ side, netns }) =>
      mapAnswer(machine.sockets(netns), (all) => {
        const found = all.filter(({ proto, state }) => proto === 'udp' && state === 'ESTAB');
        const holders = holdersOf(
          machine,
          (netns ?? machine.self).inode,
          new Set(found.map(({ inode }) => inode)),
        );
        return found.map((one): Connected => {
          const holder = holders[one.inode];
          return {
            side,
            address: one.source,
            port: one.sourcePort,
            peer: { address: one.destination, port: one.destinationPort },
            process: holder ? processName(holder) : null,
          };
        });
      }),
    );
  },
});
