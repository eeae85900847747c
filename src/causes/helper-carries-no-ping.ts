import { setSysctls } from '../fixes/sysctl.ts';
import { NO_FILTER } from '../kernel/drops.ts';
import { cause } from '../model/cause.ts';
import { fromState, fromStateIn } from '../words/telling.ts';

const KEY = 'net.ipv4.ping_group_range';
const EVERYBODY = '0 2147483647';

/** May nobody but root open a ping socket? `1 0` is how the kernel starts. */
function isEmpty(range: string | undefined): boolean {
  const [low, high] = (range ?? EVERYBODY).trim().split(/\s+/).map(Number);
  return low !== undefined && high !== undefined && low > high;
}

export default cause({
  id: 'helper-carries-no-ping',
  title: 'The program that carries a rootless container carries no ping',
  explain: `Without root a program (slirp4netns, pasta) takes a container's packets from a tap and does with ordinary sockets of the
host what the container meant. For a ping it needs a ping socket, which the host allows to the groups of its
net.ipv4.ping_group_range only; where it gets none it throws the ping away, or asks the far end's UDP port 7 instead.

Everything else works: connections and names are no ping. Ask by TCP (--to ADDRESS:PORT) what you want to know.

By hand: \`sysctl net.ipv4.ping_group_range\` on the host; \`nc -zv ADDRESS 443\` in the container beside a ping.`,
  needs: ['tcpBeside', 'sysctls'],
  explains: NO_FILTER,
  over: ['no-reply-from-destination', 'connection-refused', 'container-permission', 'listener-stuck'],
  examine(scene) {
    const { symptom, flow, path, target } = scene;
    if (flow.proto !== 'icmp' || symptom.kind === 'answered' || symptom.kind === 'not-sent') return null;
    const tap = path.hops[0];
    if (tap?.kind !== 'tun') return null;
    const { tcpBeside, sysctls } = scene;
    if (tcpBeside.port === null) return null;
    const range = sysctls.host[KEY];
    const closed = flow.family === 4 && isEmpty(range);
    const how = tcpBeside.refused ? 'refuses a connection' : 'takes a connection';
    return {
      sure: closed ? 'proved' : 'supported',
      what: `the program behind ${tap.name} carries no ping: ${flow.address} ${how} to port ${tcpBeside.port} the same way`,
      why: `A ping through ${tap.name} of ${target.name} is not answered, and ${flow.address} ${how} to port ${tcpBeside.port}: the way there and back is right. ${
        closed
          ? `${KEY} of this host is ${range}, so that no program without privileges may open a ping socket.`
          : 'The program that holds the tap does not carry ICMP.'
      }`,
      do: closed
        ? `Ask by TCP, or allow ping sockets on this host (${KEY}) and start the container anew.`
        : 'Ask by TCP: name a port with --to.',
      fixes:
        closed && range
          ? [
              setSysctls([{ key: KEY, value: EVERYBODY, before: range }], null, {
                title: 'Allow ping sockets to every group of this host',
                risk: 'safe',
                affects: 'every program of this host may ping',
              }),
            ]
          : [],
      evidence: [
        fromStateIn(target.netns, `${flow.address} ${how} to port ${tcpBeside.port}`, [
          'nc',
          '-zv',
          flow.address,
          String(tcpBeside.port),
        ]),
        ...(closed ? [fromState(`${KEY} = ${range}`, ['sysctl', KEY])] : []),
      ],
    };
  },
});
