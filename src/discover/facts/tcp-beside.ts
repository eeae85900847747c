import { GIVEN_UP } from '../../host/bounded.ts';
import { within } from '../../host/clock.ts';
import type { Machine, ProbeSocket } from '../../host/machine.ts';
import { known } from '../../model/answer.ts';
import type { TcpBeside } from '../../model/tcp-beside.ts';
import { fact, type Ground } from '../fact.ts';

/** What most hosts of the internet answer on, with a handshake or a refusal. */
const PORTS = [443, 80] as const;
/** How long a handshake is waited for. Milliseconds. */
const PATIENCE = 600;

/** What is told where nothing was tried. */
const UNTRIED: TcpBeside = { port: null, refused: false };

/**
 * Does the destination answer a handshake where a ping does not come back? Asked where a program carries the container's
 * packets, which may carry connections and no ping, and where the ping was lost beyond this host. Source: connect(2).
 */
export default fact({
  name: 'tcpBeside',
  gather(machine, ground) {
    const { flow, path, place } = ground;
    const isCarried = path.hops[0]?.kind === 'tun';
    const isBeyond = place?.stage === 'beyond' && place.direction === 'request';
    if (flow.proto !== 'icmp' || flow.from !== 'container' || !(isCarried || isBeyond))
      return known(UNTRIED, []);
    return tryPorts(machine, ground);
  },
});

async function tryPorts(machine: Machine, { flow, target }: Ground) {
  const sockets: ProbeSocket[] = [];
  const answering = new Promise<TcpBeside>((resolve) => {
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
        else if (event.type === 'error' && event.errno === GIVEN_UP) resolve(UNTRIED);
      });
      if (!socket.known) continue;
      sockets.push(socket.value);
      socket.value.send();
    }
  });
  const answer = (await within(machine, PATIENCE, answering)) ?? UNTRIED;
  for (const socket of sockets) socket.close();
  return known(answer, ['nc', '-zv', flow.address, String(answer.port ?? PORTS[0])]);
}
