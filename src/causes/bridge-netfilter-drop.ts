import { accepting, opening } from '../fixes/accept.ts';
import { deletion } from '../fixes/rule.ts';
import { keepSysctls, setSysctls } from '../fixes/sysctl.ts';
import { searchInBridge } from '../kernel/bridged-search.ts';
import { confirmed, droppedBy } from '../kernel/drops.ts';
import { commonBridge, hitInsideBridge } from '../kernel/inside-bridge.ts';
import { entrance } from '../kernel/packet-of.ts';
import { clausesOf } from '../kernel/rule-clauses.ts';
import { endingHit, HANDS_OVER, surely } from '../kernel/rules.ts';
import { searchPlace } from '../kernel/search.ts';
import {
  callsFor,
  renumberedInBridge,
  rewrittenInBridge,
  trackedInBridge,
} from '../kernel/tracked-in-bridge.ts';
import type { Claim } from '../model/cause.ts';
import { cause } from '../model/cause.ts';
import type { Facts, RuleHit, Sysctls } from '../model/facts.ts';
import type { Fix } from '../model/fix.ts';
import { hopAt, losing, type Scene } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { fromState, ruleName, ruleShown } from '../words/telling.ts';

/** fib_validate_source, net/ipv4/fib_frontend.c, which tells its own reason since Linux 6.13. */
const OWN_SOURCE = /^(IP_LOCAL_SOURCE|ip_rcv_finish_core|ip_route_input_\w+)$/;

/** A DNAT whose answer comes straight back over the bridge, past the translation. */
function shortCut(scene: Scene & { sysctls: Sysctls }): Claim | null {
  const { path, flow, place } = scene;
  const key = callsFor(flow.family);
  const value = scene.sysctls.host[key];
  const first = path.hops[0];
  const last = path.hops.at(-1);
  if (value === '1' || !first || !last || flow.from === 'outside' || place === null) return null;
  const real =
    scene.sightings.find((one) => one.kind === 'request' && one.hop === last.id)?.destination ??
    path.realDestination;
  const ports = path.hops.filter((hop) => hop.where === 'host' && hop.link.master !== null);
  const isOneBridge = ports.length > 1 && ports.every((hop) => hop.link.master === ports[0]?.link.master);
  if (real === flow.address || !isOneBridge || first.where === 'host') return null;
  const arrived = scene.sightings.some((one) => one.kind === 'request' && one.hop === last.id);
  const unchanged = scene.sightings.find(
    (one) =>
      one.kind !== 'request' &&
      one.kind !== 'neighbour' &&
      one.source === real &&
      hopAt(scene, one.hop)?.where === first.where,
  );
  if (!arrived && !unchanged) return null;
  const bridge = ports[0]?.link.master ?? 'the bridge';
  const settings = [{ key, value: '1', before: value ?? '0' }] as const;
  return {
    sure: unchanged ? 'proved' : 'supported',
    what: `the answer comes back over ${bridge} past the address translation: ${value === undefined ? 'br_netfilter is not loaded' : `${key} is 0`}`,
    why: `${flow.address} was translated to ${real}, which is on the same bridge as the sender. Bridged frames do not pass the translation, so the answer comes from ${real}, which nobody asked.`,
    do: value === undefined ? 'Load the module br_netfilter.' : 'Send bridged frames through iptables.',
    fixes:
      value === undefined
        ? []
        : [
            setSysctls(settings, null, {
              title: 'Send bridged frames through iptables',
              risk: 'disruptive',
              affects: 'all frames on all bridges of this host meet the rules of FORWARD',
              persist: keepSysctls(settings),
            }),
          ],
    evidence: [fromState(`${key} = ${value ?? 'missing'}`, ['sysctl', key])],
  };
}

/** Only where the setting is on: of a bridge that has the option for itself others know why. */
function keepOut({ sysctls }: { readonly sysctls: Sysctls }, key: string): Fix[] {
  const before = sysctls.host[key];
  if (before !== '1') return [];
  const settings = [{ key, value: '0', before }] as const;
  return [
    setSysctls(settings, null, {
      title: 'Keep bridged frames out of iptables',
      risk: 'disruptive',
      affects: 'rules between containers of one bridge (network policies, icc=false) are no longer met',
      persist: keepSysctls(settings),
    }),
  ];
}

/** What sends the frames through the rules, as somebody can look it up. */
function calling({ flow, sysctls }: Scene & Pick<Facts, 'sysctls'>, bridge: string) {
  const key = callsFor(flow.family);
  return sysctls.host[key] === '1'
    ? { setting: key, evidence: [fromState(`${key} = 1`, ['sysctl', key])] }
    : {
        setting: `nf_call_iptables of ${bridge}`,
        evidence: [
          fromState(`frames of ${bridge} are sent through iptables`, [
            'ip',
            '-d',
            'link',
            'show',
            'dev',
            bridge,
          ]),
        ],
      };
}

/** Its gateway is another port of the bridge or behind a cable, and the entry was made before this host routed it. */
function trackedTooEarly(scene: Scene & Pick<Facts, 'sysctls' | 'ruleHits' | 'firewall'>): Claim | null {
  const early = trackedInBridge(scene);
  if (!early) return null;
  const { bridge, leaves, rewrite, isSeen, overCable } = early;
  const { setting, evidence } = calling(scene, bridge);
  return {
    sure: isSeen ? 'proved' : 'supported',
    what: `${setting} has the flow tracked inside ${bridge}, before it is routed, and so it is never masqueraded`,
    why: `The frames cross ${bridge} from port to port first, ${overCable ? 'on their way ' : ''}to the gateway, and pass the rules of NAT there, with ${bridge} as their way out: ${rewrite.rule.text} does not take them. NAT is asked once a connection. When ${overCable ? 'they are routed' : 'the gateway sends them on'} they leave by ${leaves.uplink} with ${leaves.source} as their source.`,
    do: overCable
      ? `Do not send bridged frames through iptables, or do not track what ${bridge} only passes on (NOTRACK in table raw).`
      : 'Do not send bridged frames through iptables, let the gateway masquerade what it passes on, or put it into a network of its own.',
    owner: null,
    fixes: keepOut(scene, callsFor(scene.flow.family)),
    evidence,
  };
}

/** It was masqueraded as this host inside the bridge, on the way to who was to route it: no packet of its own comes in to the host, and no answer to it finds the sender. */
function masqueradedTooEarly(scene: Scene & Pick<Facts, 'sysctls'>): Claim | null {
  const early = rewrittenInBridge(scene);
  const refused = confirmed(scene, OWN_SOURCE);
  if (!early || !(refused || scene.exchange || losing(scene, 'reply'))) return null;
  const { bridge, source, shown, overCable } = early;
  const { setting, evidence } = calling(scene, bridge);
  return {
    sure: refused ? 'proved' : 'supported',
    what: `${setting} has the flow masqueraded inside ${bridge} as ${shown}, an address of this host, before it is routed`,
    why: `The frames cross ${bridge} from port to port first, on their way to ${overCable ? 'another bridge' : 'the gateway'}, and pass the rules of NAT there: they go in as ${source} and come out as ${shown}. ${
      refused
        ? 'Where they are to be routed the kernel takes nothing in that bears its own address as the source.'
        : `What answers them is addressed to this host, and not to ${source}.`
    }`,
    do: `Do not send bridged frames through iptables, or let the rule name the way out by which it is to masquerade (-o UPLINK) and not those by which it is not.`,
    owner: null,
    fixes: keepOut(scene, callsFor(scene.flow.family)),
    evidence,
  };
}

/** The answer's data were taken for a flow of their own on their way back over the bridge. */
function renumbered(scene: Scene & Pick<Facts, 'sysctls'>): Claim | null {
  const found = scene.exchange && renumberedInBridge(scene);
  if (!found) return null;
  const { bridge, port, shown } = found;
  const { setting, evidence } = calling(scene, bridge);
  return {
    sure: 'proved',
    what: `${setting} has the data of the answer tracked inside ${bridge} as a connection of their own, which gives them another port`,
    why: `They go into ${bridge} from port ${port} and come out from port ${shown}, which nobody asked. Connection tracking waits for the answer at the address that this host gave the connection, takes what comes back over ${bridge} for a new one, and lets no two have the same addresses and ports.`,
    do: `Do not send bridged frames through iptables, or track neither what ${bridge} passes on nor what comes back over it (NOTRACK in table raw, both ways).`,
    owner: null,
    fixes: keepOut(scene, callsFor(scene.flow.family)),
    evidence,
  };
}

/** A transparent proxy's rule gave the packet its socket inside the bridge already, and it was lost on the way up. */
function lostSocket(scene: Scene & { sysctls: Sysctls; ruleHits: readonly RuleHit[] }): Claim | null {
  const key = callsFor(scene.flow.family);
  const iif = entrance(scene);
  const bridge = iif ? linkNamed(scene.stacks.host, iif) : undefined;
  if (scene.place?.direction !== 'request' || bridge?.kind !== 'bridge') return null;
  if (scene.sysctls.host[key] !== '1' && bridge.bridge?.nfCallIptables !== true) return null;
  const hit = scene.ruleHits.find(
    ({ rule, direction, side }) => side === 'host' && direction === 'request' && HANDS_OVER.test(rule.text),
  );
  const dropped = droppedBy(scene, /^(NO_SOCKET|tcp_v[46]_rcv|__?udp[46]\w*)$/);
  if (!hit || dropped === false || endingHit(scene)) return null;
  return {
    sure: dropped ? 'proved' : 'supported',
    what: `${key} sends the frames of ${bridge.name} through the rules inside the bridge, where TPROXY's socket is lost again`,
    why: `The packets met ${hit.rule.text} while they were still frames of ${bridge.name}: it gave them to the proxy's socket, the bridge took that away when it handed them up, and rules met once are not met again. ${dropped ? 'The kernel then found no socket for them.' : 'Nothing of them came out of the routing.'}`,
    do: 'Do not send bridged frames through iptables where a transparent proxy serves them, or let the rule stand where only routed packets pass.',
    owner: hit.rule.owner,
    fixes: keepOut(scene, key),
    evidence: [fromState(`${key} = ${scene.sysctls.host[key] ?? 'missing'}`, ['sysctl', key])],
  };
}

/** Neighbour discovery is IP to the rules: with its messages every packet between two ports of the bridge is held up. */
function searchEnded(scene: Scene & Pick<Facts, 'sysctls' | 'firewall'>): Claim | null {
  const lost = searchInBridge(scene);
  if (!lost) return null;
  const { bridge, message, address, source, after, before, rule, told } = lost;
  const place = searchPlace(scene);
  const key = callsFor(6);
  const isOfWayBack =
    rule && clausesOf(rule).asks.some(({ on, values }) => on === 'way-back' && values.includes('strict'));
  const end = rule
    ? `${ruleName(rule)} drops it${isOfWayBack ? `: no route of this host leads to ${source} by ${bridge}` : ''}`
    : 'the kernel dropped it in a firewall';
  return {
    sure: rule && told ? 'proved' : 'supported',
    what: `${key} sends the search for ${address} through the IP firewall inside ${bridge}, which drops the neighbour ${message}${rule ? `: ${ruleShown(rule)}` : ''}`,
    why: `The ${message} of ${source} was seen on ${after.name} and not on ${before.name}, two ports of ${bridge}. The setting has the rules of this host meet what the bridge only passes on, as coming in by ${bridge}, and ${end}. Without neighbour discovery nobody can send to ${address} by IPv6.`,
    do: `Do not send bridged frames through the IP firewall, or let what ${bridge} passes on through before that rule.`,
    ...(rule ? { owner: rule.owner, rule } : {}),
    fixes: keepOut(scene, key),
    ...(place ? { place } : {}),
    evidence: [fromState(`${key} = 1`, ['sysctl', key])],
  };
}

const early = (scene: Scene & Pick<Facts, 'sysctls' | 'ruleHits' | 'firewall'>): Claim | null =>
  searchEnded(scene) ??
  lostSocket(scene) ??
  shortCut(scene) ??
  masqueradedTooEarly(scene) ??
  renumbered(scene) ??
  trackedTooEarly(scene);

export default cause({
  id: 'bridge-netfilter-drop',
  title: 'Bridged frames are filtered by iptables, or are not and should be',
  explain: `With br_netfilter, frames between two ports of one bridge pass the rules of iptables as if they were routed. A policy or
rule of FORWARD that was meant for routed traffic then cuts containers or virtual machines of one bridge off from each
other, while each reaches the outside.

The lack of it breaks something else: a published port asked from the same bridge is translated on the way there, and the
answer comes back over the bridge untranslated. And a transparent proxy (TPROXY) on such a bridge never gets its packets: the
rule acts on the frame, and the socket it gave is lost when the bridge hands the packet up. Where the gateway is itself a
container of the bridge, or behind a cable to another bridge, that leg of the way makes the connection's entry: what the host
then routes is not masqueraded, or was masqueraded already, as an address of the host, from which the host takes nothing in.

Neighbour discovery of IPv6 is a packet to these rules as well, and never tracked. One that drops what has no way back by the
bridge (of a bridge without an address nothing has), or that accepts only what it knows, leaves the containers unable to find
each other.

\`sysctl net.bridge.bridge-nf-call-iptables\` shows which it is.`,
  needs: ['ruleHits', 'sysctls', 'firewall'],
  ofData: true,
  over: [
    'firewall-rule-drop',
    'forward-policy-drop',
    'network-isolation',
    'no-reply-from-destination',
    'reply-source-wrong',
    'dnat-wrong',
    'host-route-diverted',
    'connection-refused',
    'published-port-unreachable-from-bridge',
    'conntrack-stale',
    'masquerade-missing',
    'neighbour-unanswered',
    'neighbour-absent',
  ],
  examine(scene) {
    const hit = hitInsideBridge(scene);
    const bridge = commonBridge(scene);
    if (!hit || !bridge) return hit ? null : early(scene);
    const { rule } = hit;
    const isPolicy = rule.number === null;
    return {
      sure: surely(hit),
      what: `frames inside ${bridge} are filtered by ${rule.engine === 'nft' ? 'nft' : 'iptables'} and dropped: ${ruleShown(rule)}`,
      why: `The packets stay on ${bridge}, br_netfilter sends them through the IP firewall all the same, and they ended at ${ruleName(rule)}.`,
      do: `Accept what stays on ${bridge}, or turn bridge-nf-call-iptables off where nothing needs it.`,
      owner: rule.owner,
      rule,
      fixes: [
        ...accepting(rule, [{ chain: 'FORWARD', match: ['-i', bridge, '-o', bridge] }], null, {
          title: `Accept what stays on ${bridge}`,
          affects: `traffic between all containers on ${bridge}`,
        }).filter(() => rule.table === 'filter'),
        ...(isPolicy ? opening(rule, null) : deletion(rule, null)),
      ],
    };
  },
});
