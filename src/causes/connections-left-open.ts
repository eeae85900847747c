import { cause } from '../model/cause.ts';
import { destination } from '../model/flow.ts';
import { lasting, programOf } from '../words/failing.ts';
import { fromStateIn } from '../words/telling.ts';

export default cause({
  id: 'connections-left-open',
  title: 'A program leaves connections open that the far end has closed',
  explain: `When the far end closes a connection, the kernel acknowledges that at once and waits for the program here to close its own
side: CLOSE-WAIT. Nothing ends that state but the program. A few of them in a pool are usual; many, and more and more, say
that the program has forgotten them, or hangs.

Each holds an open file and memory until the program may open no more, and then no connection is made or taken. A server
that hangs collects those of its clients, who gave up: the kernel still takes their connections, so that a handshake is
answered, and nobody speaks.

By hand: \`ss -tnp state close-wait\` in the container; Recv-Q shows what was never read.`,
  needs: [],
  ofSockets: true,
  examine(scene) {
    const one = scene.ailments?.find(({ kind }) => kind === 'left-open');
    if (!one) return null;
    const { socket, others = 0, holder } = one;
    const came = scene.flow.from !== 'container';
    const all = others + 1;
    const program = programOf(holder);
    const state = came ? ['sport', '=', `:${socket.sourcePort}`] : ['dst', socket.destination];
    return {
      sure: 'proved',
      what: came
        ? `${program} has not closed ${all} connections to port ${socket.sourcePort} that its clients have`
        : `${program} has not closed ${all} connections to ${destination(scene.flow)} that the far end has`,
      why: `A probe is answered by the kernel; ${all} connections are in CLOSE-WAIT${lasting(one.since)}, each with an open file, and nothing but the program ends them.`,
      do: `See whether ${program} hangs (its log, a debugger, its open files against its limit in /proc/${holder?.pid ?? 'PID'}/limits); restarting it frees them. Then mend it to close what its peer has closed.`,
      evidence: [
        fromStateIn(scene.target.netns, `${all} connections in CLOSE-WAIT`, [
          'ss',
          '-tnp',
          'state',
          'close-wait',
          ...state,
        ]),
      ],
    };
  },
});
