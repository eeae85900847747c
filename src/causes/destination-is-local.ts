import { type Designed, designedAddress } from '../kernel/designed.ts';
import { refuted } from '../kernel/drops.ts';
import { isUnresolved, nextHop } from '../kernel/next-hop.ts';
import { ip, longestMatch } from '../kernel/routing.ts';
import { netnsOf, outgoing, sideName } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Listener } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import { isHostAddress, type Scene } from '../model/scene.ts';
import { linkHolding } from '../model/stack.ts';
import { fromState, fromStateIn } from '../words/telling.ts';
import { capital } from '../words/text.ts';

type Seen = Scene & { readonly listeners: readonly Listener[] };

const ENDED_HERE = /^(NO_SOCKET|tcp_v[46]_rcv|__udp[46]_lib_rcv|tcp_\w+|udp\w*)$/;

/**
 * An address that is set as an extra: alone on a link (/32 or /128) beside others, on lo or a dummy, or only in the
 * local table. The ordinary addresses of a host are no fault.
 */
function extra(scene: Seen): { where: string; designed?: Designed; fixes: Fix[] } | undefined {
  const { flow, stacks } = scene;
  const { address, family } = flow;
  const link = linkHolding(stacks.host, address);
  const own = link?.addresses.find((one) => one.address === address);
  const whole = family === 6 ? 128 : 32;
  if (link && own) {
    const beside = link.addresses.some(
      (one) => one.family === family && one.address !== address && one.prefix !== whole,
    );
    const isVirtual = link.kind === 'loopback' || link.kind === 'dummy';
    if (own.scope === 'host' || !(isVirtual || (own.prefix === whole && beside))) return undefined;
    const designed = designedAddress(link, address, scene.listeners);
    if (designed) return { where: link.name, designed, fixes: [] };
    const words = [`${address}/${own.prefix}`, 'dev', link.name];
    return {
      where: link.name,
      fixes: [
        {
          title: `Take ${address} from ${link.name}`,
          risk: 'disruptive',
          lasts: 'until something sets it again',
          affects: `what this host serves on ${address}, now or later: somebody has put it there`,
          apply: [run([...ip(family), 'addr', 'del', ...words])],
          undo: [run([...ip(family), 'addr', 'add', ...words])],
        },
      ],
    };
  }
  const route = longestMatch(stacks.host, 'local', { family, destination: address, source: null, iif: null });
  return route?.type === 'local' ? { where: `the local table (${route.destination})`, fixes: [] } : undefined;
}

/** Whoever asks for the address on its own link was seen to get no answer: no packet has come that the host could answer. */
function isUnheard(scene: Scene): boolean {
  const hop = scene.place && nextHop(scene, outgoing(scene));
  return !!hop && !hop.isGateway && hop.side !== 'host' && isUnresolved(scene, hop);
}

/**
 * The one who asks holds the address himself, and so asks himself: as pasta gives a container the address of its host. It
 * is no fault of his where nobody else has it.
 */
function inside(scene: Scene): Claim | null {
  const { flow, path, stacks } = scene;
  const side = flow.from;
  if (side !== 'container' && side !== 'other') return null;
  const stack = stacks[side];
  const link = stack && linkHolding(stack, flow.address);
  const own = link?.addresses.find((one) => one.address === flow.address);
  if (!link || !own || own.scope === 'host' || path.sourceRoute.type !== 'local') return null;
  if (!isHostAddress(scene, flow.address)) return null;
  const netns = netnsOf(scene, side);
  const words = [`${flow.address}/${own.prefix}`, 'dev', link.name];
  const isExtra =
    link.kind === 'loopback' ||
    link.kind === 'dummy' ||
    link.addresses.some((one) => one.family === own.family && one.address !== own.address);
  return {
    sure: 'proved',
    what: `${flow.address} is an address of ${sideName(side)} too (on ${link.name}), which asks itself instead of this host`,
    why: `${capital(sideName(side))} holds ${flow.address} on ${link.name}, and its kernel says the route there is local: no packet leaves it, and this host, which has the same address, hears nothing.`,
    do: `Ask this host by another address (host.containers.internal, or the one that pasta's --map-guest-addr names), or take ${flow.address} from ${sideName(side)}.`,
    fixes: isExtra
      ? [
          {
            title: `Take ${flow.address} from ${link.name} of ${sideName(side)}`,
            risk: 'disruptive',
            lasts: 'until the container restarts',
            affects: `what ${sideName(side)} serves on ${flow.address}`,
            apply: [run([...ip(flow.family), 'addr', 'del', ...words], netns)],
            undo: [run([...ip(flow.family), 'addr', 'add', ...words], netns)],
          },
        ]
      : [],
    evidence: [fromStateIn(netns, `${flow.address} is local there`, ['ip', 'route', 'get', flow.address])],
  };
}

export default cause({
  id: 'destination-is-local',
  title: 'The destination address belongs to this host',
  explain: `The address that the container asks for is one of this host's own, so the host answers instead of forwarding: mostly
with "connection refused", since the service lives elsewhere. The real destination never hears of it.

The same happens inside a container that holds the address of its host: pasta gives it that address by default, and whoever
asks for the host there asks himself.

Addresses of virtual services (keepalived, kube-ipvs0, anycast on lo) that stay on a host, or that are set on a second
one, do that. \`ip route get ADDRESS\` says "local".`,
  needs: ['listeners'],
  explains: ENDED_HERE,
  over: [
    'connection-refused',
    'no-reply-from-destination',
    'listener-on-loopback',
    'listener-wrong-family',
    'input-rule-drop',
    'port-not-published',
  ],
  examine(scene) {
    const { flow, path, symptom, target } = scene;
    if (flow.from === 'outside' || flow.to === 'host' || flow.to === 'gateway' || target.hostNetwork)
      return null;
    if (symptom.kind === 'answered' || refuted(scene, ENDED_HERE)) return null;
    const own = inside(scene);
    if (own) return own;
    const decided = flow.from === 'host' ? path.sourceRoute : path.hostRoute;
    // The kernel is not asked about a host's own address: its local table comes before every rule.
    const isLocal = decided ? decided.type === 'local' : path.ending === 'host';
    if (!isLocal || path.realDestination !== flow.address || isUnheard(scene)) return null;
    const found = extra(scene);
    if (!found) return null;
    // This host is meant, and what it does with the question is another cause's to say.
    if (found.designed && symptom.kind === 'refused') return null;
    return {
      sure: symptom.kind === 'refused' ? 'proved' : 'supported',
      what: `${flow.address} belongs to this host, which answers instead of forwarding`,
      why: `The host holds ${flow.address} on ${found.where}, and its kernel says the route there is local: no packet goes on to anybody else.`,
      do: found.designed
        ? `Look at the service behind ${flow.address}: ${found.designed.by} keeps the address here on purpose (${found.designed.says}).`
        : `If ${flow.address} is to be served here, start its service; if the service lives elsewhere, take the address from this host.`,
      fixes: found.fixes,
      evidence: [fromState(`${flow.address} is local`, ['ip', 'route', 'get', flow.address])],
    };
  },
});
