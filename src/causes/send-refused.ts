import { isLoopback } from '../kernel/arrival.ts';
import { decide } from '../kernel/routing.ts';
import { asking, netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { destination } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';

interface Refusal {
  readonly what: string;
  readonly do: string;
  readonly look: readonly [string, ...string[]];
}

/** `eth0`, by which it should have left. */
const device = ({ path }: Scene): string => path.hops[0]?.name ?? 'the interface';

/** The address that the route prefers, or the one that was foretold. */
function sourceGiven(scene: Scene): string | null {
  const { flow, path, stacks } = scene;
  const found = decide(stacks[asking(scene)], {
    family: flow.family,
    destination: flow.address,
    source: null,
    iif: null,
    ...(path.uid === undefined ? {} : { uid: path.uid }),
  });
  return (found.kind === 'route' ? found.route.source : null) ?? path.sourceAddress;
}

/** What Linux means by each of them when it refuses to send: socket(2), send(2), connect(2), ip(7), udp(7). */
const MEANINGS: Readonly<Record<string, (scene: Scene) => Refusal>> = {
  ENOBUFS: (scene) => ({
    what: `${device(scene)} has no room for another packet`,
    do: 'Look at what fills its queue (tc -s qdisc), and at the memory of the machine.',
    look: ['tc', '-s', 'qdisc', 'show', 'dev', device(scene)],
  }),
  ENOMEM: () => ({
    what: 'the kernel has no memory for it',
    do: 'See what takes the memory: free -m, dmesg, and net.ipv4.tcp_mem against /proc/net/sockstat.',
    look: ['cat', '/proc/net/sockstat'],
  }),
  ENFILE: () => ({
    what: 'this host has as many files open as it may',
    do: 'Find the program that keeps them open, or raise fs.file-max.',
    look: ['cat', '/proc/sys/fs/file-nr'],
  }),
  ENETDOWN: (scene) => ({
    what: `${device(scene)} is down`,
    do: `Set it up: ip link set dev ${device(scene)} up.`,
    look: ['ip', 'link', 'show', 'dev', device(scene)],
  }),
  ENODEV: (scene) => ({
    what: `${device(scene)} is gone`,
    do: 'See who removes interfaces while they are used.',
    look: ['ip', 'link', 'show'],
  }),
  EAFNOSUPPORT: ({ flow }) => ({
    what: `the kernel has no IPv${flow.family}`,
    do: `Ask for the other family, or start the kernel with IPv${flow.family}.`,
    look: ['cat', '/proc/net/protocols'],
  }),
  EINVAL: (scene) => {
    const { flow } = scene;
    const own = sourceGiven(scene);
    return own && isLoopback(own) && !isLoopback(flow.address)
      ? {
          what: `the route gives packets the source address ${own}, with which none may leave`,
          do: 'Give the route a source address of the interface it leads out by (ip route replace … src ADDRESS), or none.',
          look: ['ip', 'route', 'show', 'table', 'all'],
        }
      : {
          what: 'the kernel calls it invalid: address, route and interface do not go together',
          do: 'Compare the source address and the route with the addresses of the interface.',
          look: ['ip', 'route', 'show', 'table', 'all'],
        };
  },
  EACCES: ({ flow }) => ({
    what: `${flow.address} is a broadcast address, to which a program may send only when it says so (SO_BROADCAST)`,
    do: 'Ask for the address of one machine.',
    look: ['ip', 'route', 'get', flow.address],
  }),
};

const other = (): Refusal => ({
  what: 'the kernel refuses to send it',
  do: 'The name of the error is explained in connect(2) and send(2).',
  look: ['ip', 'route', 'show', 'table', 'all'],
});

/** Errors that other causes read: no route, no port, a firewall, a program of the control group. */
const READ_ELSEWHERE = /^(ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL|EADDRINUSE|EAGAIN|EPERM|EMSGSIZE)$/;

export default cause({
  id: 'send-refused',
  title: 'The kernel refuses to send, for want of something or since it makes no sense',
  explain: `Before a packet exists the kernel may say no: its queue or memory is full (ENOBUFS, ENOMEM), no further file may be
opened on this host (ENFILE), the interface is down or gone (ENETDOWN, ENODEV), the address does not go with the route or
interface (EINVAL), the kernel lacks the family of addresses (EAFNOSUPPORT). The program hears it at once, and nothing is seen
on any interface.

By hand: \`strace -e trace=network PROGRAM\` shows which call fails with which error.`,
  needs: [],
  examine(scene) {
    const { symptom, path, flow } = scene;
    const errno = symptom.errno ?? '';
    if (symptom.kind !== 'not-sent' || errno === '' || READ_ELSEWHERE.test(errno)) return null;
    if (flow.from === 'outside') return null;
    if (errno === 'EACCES' && path.sourceRoute.type !== 'broadcast') return null;
    const { what, do: cure, look } = (MEANINGS[errno] ?? other)(scene);
    return {
      sure: 'supported',
      what,
      why: `The kernel refused to send to ${destination(flow)} with ${errno}, before any packet was made.`,
      do: cure,
      evidence: [fromStateIn(netnsOf(scene, asking(scene)), `a probe could not be sent: ${errno}`, look)],
    };
  },
});
