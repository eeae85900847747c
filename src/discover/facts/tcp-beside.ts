import type { Machine, ProbeSocket } from '../../host/machine.ts';
import { known, notKnown } from '../../model/answer.ts';
import type { TcpBeside } from '../../model/facts.ts';
import { fact, type Ground } from '../fact.ts';

/** What most hosts of the internet answer on, with a handshake or a refusal. */
const PORTS = [443, 80] as const;
/** How long a handshake is waited for. Milliseconds. */
const PATIENCE = 600;

/**
 * Does the destination answer a handshake where a ping through a program's tap does not come back? Asked only where a
 * program carries the container's packets, which may carry connections and no ping. Source: connect(2).
 */
export default fact({
  name: 'tcpBeside',
  gather(machine, ground) {
    const { flow, path } = ground;
    const tap = path.hops[0];
    if (flow.proto !== 'icmp' || flow.from !== 'container' || tap?.kind !== 'tun')
      return notKnown('not-asked', 'no program carries the packets', []);
    return tryPorts(machine, ground);
  },
});

async function tryPorts(machine: Machine, { flow, target }: Ground) {
  const sockets: ProbeSocket[] = [];
  const answer = await new Promise<TcpBeside>((resolve) => {
    setTimeout(() => resolve({ port: null, refused: false }), PATIENCE);
    for (const port of PORTS) {
      const spec = {
        kind: 'tcp' as const,
        family: flow.family,
        netns: target.netns,
        destination: flow.address,
        port,
      };
      const socket = machine.open(spec, (event) => {
        if (event.type === 'connected') resolve({ port, refused: false });
        else if (event.type === 'error' && event.errno === 'ECONNREFUSED') resolve({ port, refused: true });
      });
      if (!socket.known) continue;
      sockets.push(socket.value);
      socket.value.send();
    }
  });
  for (const socket of sockets) socket.close();
  return known(answer, ['nc', '-zv', flow.address, String(answer.port ?? PORTS[0])]);
}
