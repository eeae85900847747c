import { raise } from '../fixes/open-files.ts';
import { arrival, ownerOf, sideName } from '../kernel/arrival.ts';
import { droppedBy } from '../kernel/drops.ts';
import { listenersOn, SHOW_LISTENERS, socketName, takes } from '../kernel/listening.ts';
import { netnsOf } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Scene } from '../model/scene.ts';
import { isCarriedOn, type Untaken } from '../model/untaken.ts';
import { fromState, fromStateIn } from '../words/telling.ts';
import { queueOf, untakenInWords, withoutFiles } from '../words/untaken.ts';

const AT_SOCKET = /LISTEN|BACKLOG|RCVBUFF|^tcp_|^__?udp|^udp_|^sock_queue/;

/** Its own connections were looked at where they arrived. */
function notTaken({ path }: Scene, untaken: Untaken): Claim {
  const stuck = untaken.takers.filter((one) => one.stuck);
  const full = stuck.flatMap((one) => withoutFiles(one)?.files ?? []);
  const netns = path.hops.at(-1)?.netns ?? null;
  const shown = stuck.length > 0 ? stuck : untaken.takers;
  return {
    sure: 'proved',
    ...untakenInWords(untaken),
    fixes: full.slice(0, 1).flatMap(raise),
    evidence: [
      ...shown.map((one) => fromStateIn(netns, queueOf(one), SHOW_LISTENERS)),
      ...full.map((one) =>
        fromState(`${one.name} (pid ${one.pid}) has ${one.open} files open of the ${one.soft} it may`, [
          'cat',
          `/proc/${one.pid}/limits`,
        ]),
      ),
    ],
  };
}

export default cause({
  id: 'listener-stuck',
  title: 'Somebody listens and does not accept',
  explain: `The kernel opens connections for a listening program and keeps them in a queue until the program accepts them. When the
program is stopped, hangs or is too slow, the queue fills, and the kernel drops further SYNs without an answer. For UDP the
same happens with the socket's receive buffer.

From outside it looks like a firewall: packets arrive and nothing answers. While the queue has room it looks like nothing at
all: the kernel answers handshakes and acknowledges data, and no program ever sees them. That is so too where the program
may open no further file, as accept() then fails, and where one of several processes that share a port (SO_REUSEPORT) hangs:
then some connections are served, and others never. A listener with TCP_DEFER_ACCEPT opens a connection when data of the
client comes: behind it a program that speaks first (mail, FTP, SSH, MySQL) never does.

By hand: \`ss -tnp\` shows a connection that waits without a program; \`ss -ltn\`: Recv-Q (waiting) has reached Send-Q (the most that may wait); \`nstat -az TcpExtListenOverflows\`; \`ps -o stat\` shows T for a stopped program.`,
  needs: ['listeners'],
  over: ['no-reply-from-destination'],
  examine(scene) {
    if (scene.untaken) return isCarriedOn(scene.untaken) ? null : notTaken(scene, scene.untaken);
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
