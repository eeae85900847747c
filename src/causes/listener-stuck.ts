import { arrival, ownerOf, sideName } from '../kernel/arrival.ts';
import { droppedBy } from '../kernel/drops.ts';
import { listenersOn, SHOW_LISTENERS, socketName, takes } from '../kernel/listening.ts';
import { netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { fromStateIn } from '../words/telling.ts';

const AT_SOCKET = /LISTEN|BACKLOG|RCVBUFF|^tcp_|^__?udp|^udp_|^sock_queue/;

export default cause({
  id: 'listener-stuck',
  title: 'Somebody listens and does not accept',
  explain: `The kernel opens connections for a listening program and keeps them in a queue until the program accepts them. When the
program is stopped, hangs or is too slow, the queue fills, and the kernel drops further SYNs without an answer. For UDP the
same happens with the socket's receive buffer.

From outside it looks like a firewall: packets arrive and nothing answers.

By hand: \`ss -ltn\`: Recv-Q (waiting) has reached Send-Q (the most that may wait); \`nstat -az TcpExtListenOverflows\`; \`ps -o stat\` shows T for a stopped program.`,
  needs: ['listeners'],
  over: ['no-reply-from-destination'],
  examine(scene) {
    if (scene.symptom.kind !== 'lost' && scene.symptom.kind !== 'silence') return null;
    const { address, port, hop } = arrival(scene);
    const side = hop ? ownerOf(scene, address) : null;
    if (side === null || port === null) return null;
    const listener = listenersOn(scene, side, port).find((one) => takes(one, address, scene.flow.family));
    if (!listener) return null;
    // sk_acceptq_is_full(): one more than may wait does.
    const full = listener.proto === 'tcp' ? listener.backlog > listener.backlogMax : listener.backlog > 0;
    const dropped = droppedBy(scene, AT_SOCKET);
    if (!full || dropped === false) return null;
    const waiting =
      listener.proto === 'tcp'
        ? `${listener.backlog} connections wait to be accepted, and ${listener.backlogMax} may`
        : `${listener.backlog} bytes wait to be read`;
    return {
      sure: dropped ? 'proved' : 'supported',
      what: `${listener.process ?? 'the program'} listens on port ${port} and does not ${listener.proto === 'tcp' ? 'accept' : 'read'}`,
      why: `The packets arrived in ${sideName(scene, side)}, and nothing answered: at ${socketName(listener)} ${waiting}.`,
      do: 'See why the program hangs or is stopped (signal CONT, a debugger, its log), or restart it.',
      evidence: [fromStateIn(netnsOf(scene, side), waiting, SHOW_LISTENERS)],
    };
  },
});
