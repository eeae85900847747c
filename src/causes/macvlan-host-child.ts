import { NO_FILTER } from '../kernel/drops.ts';
import { type Child, childHolding, childOf } from '../kernel/parents.ts';
import { byRecord } from '../kernel/recorded.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import { isHostAddress, type Scene } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

interface Pair extends Child {
  /** The child's address of the flow's family. */
  readonly address: string;
  /** Is it the host that asks its child, or carries on what another container asks? */
  readonly byHost: boolean;
}

/** Host and child talk to each other through the parent, in either direction. */
function pair(scene: Scene): Pair | undefined {
  const { flow, stacks } = scene;
  if (flow.from === 'host') {
    const child =
      childHolding(scene, stacks.container, flow.address) ?? childHolding(scene, stacks.other, flow.address);
    return child && { ...child, address: flow.address, byHost: true };
  }
  // What the host forwards to its own child leaves by the wire as well.
  const forwarded = flow.from === 'container' ? childHolding(scene, stacks.other, flow.address) : undefined;
  if (forwarded && scene.path.hostRoute?.dev === forwarded.parent.name)
    return { ...forwarded, address: flow.address, byHost: true };
  if (flow.from !== 'container' || !isHostAddress(scene, flow.address)) return undefined;
  const child = childOf(scene, linkNamed(stacks.container, scene.path.sourceRoute.dev));
  const address = scene.path.sourceAddress;
  return child && address !== null ? { ...child, address, byHost: false } : undefined;
}

/**
 * A macvlan of the host's own beside the child, which may talk to it, and a route through it. It has a MAC address of its own:
 * whoever else on the wire took that for the host's would lose the host when it is taken back. So it answers ARP only for
 * those that are reached through it (arp_filter, ip-sysctl.rst), and asks nobody.
 */
function shim(scene: Scene, { link, parent, address }: Pair): Fix[] {
  const kind = link.kind.startsWith('ip') ? 'ipvlan' : 'macvlan';
  const mode = kind === 'ipvlan' ? 'l2' : 'bridge';
  const name = 'ndshim0';
  const own = parent.addresses.find((one) => one.family === scene.flow.family);
  if (!own || linkNamed(scene.stacks.host, name)) return [];
  const bits = scene.flow.family === 6 ? 128 : 32;
  const isApart = scene.flow.family === 4 && kind === 'macvlan';
  const keepsToItself = isApart ? [run(['sysctl', '-w', `net.ipv4.conf.${name}.arp_filter=1`])] : [];
  const knows =
    isApart && link.mac !== null
      ? [run(['ip', 'neighbor', 'replace', address, 'lladdr', link.mac, 'dev', name, 'nud', 'permanent'])]
      : [];
  return [
    {
      title: `Give the host a ${kind} of its own on ${parent.name}, and reach ${address} through it`,
      ...byRecord(scene, own.address),
      lasts: 'until reboot',
      affects: `only what the host sends to ${address}`,
      apply: [
        run(['ip', 'link', 'add', name, 'link', parent.name, 'type', kind, 'mode', mode]),
        ...keepsToItself,
        run(['ip', 'address', 'add', `${own.address}/${bits}`, 'dev', name]),
        run(['ip', 'link', 'set', 'dev', name, 'up']),
        ...knows,
        run(['ip', 'route', 'add', `${address}/${bits}`, 'dev', name, 'src', own.address]),
      ],
      undo: [run(['ip', 'link', 'del', 'dev', name])],
    },
  ];
}

export default cause({
  id: 'macvlan-host-child',
  title: 'A host cannot talk to its own macvlan or ipvlan child',
  explain: `A macvlan or ipvlan interface sends its frames straight out of the physical interface it hangs from. By design the kernel
never hands frames between that interface itself and its children: the whole network reaches the container, only the host
it runs on does not, and the container does not reach the host.

A macvlan interface of the host's own, beside the child and in mode bridge, gets around it.

By hand: \`ip -d link show\` in the container names the kind and the parent's index; an ARP request of the host leaves by the
wire and is never answered.`,
  needs: [],
  explains: NO_FILTER,
  over: [
    'neighbour-absent',
    'neighbour-unanswered',
    'neighbour-stale',
    'no-reply-from-destination',
    'connection-refused',
    'host-no-route',
    'container-no-route',
  ],
  examine(scene) {
    if (scene.symptom.kind === 'answered') return null;
    const found = pair(scene);
    if (!found) return null;
    const { link, parent, address, byHost } = found;
    // The host goes by the parent itself; through a macvlan of its own it may.
    const through = scene.flow.from === 'host' ? scene.path.sourceRoute.dev : parent.name;
    const shims = scene.stacks.host.links.some(
      (one) => one.link === parent.ifindex && one.nsid === null && one.kind === link.kind && one.up,
    );
    if (through !== parent.name || (shims && !byHost)) return null;
    return {
      sure: 'supported',
      what: `${link.name} is a ${link.kind} of the host's own ${parent.name}, and the two never hear each other`,
      why: `${address} hangs from ${parent.name}. What the host sends to it leaves by the wire, and the kernel does not hand it to the child.`,
      do: 'Ask from another machine, or give the host an interface of the same kind beside it.',
      fixes: byHost ? shim(scene, found) : [],
      evidence: [
        fromState(`${link.name} is a ${link.kind} on ${parent.name}`, [
          'ip',
          '-d',
          'link',
          'show',
          'type',
          link.kind,
        ]),
      ],
    };
  },
});
