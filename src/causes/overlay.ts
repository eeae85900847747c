import { deletion } from '../fixes/rule.ts';
import { droppedBy, NETFILTER } from '../kernel/drops.ts';
import { type OuterPacket, outerPacket } from '../kernel/outer-packet.ts';
import { refusalClaim, refusedOuter } from '../kernel/outer-seen.ts';
import type { NatHook } from '../kernel/rule-chain.ts';
import { asked, clausesOf, type Packet } from '../kernel/rule-clauses.ts';
import { sureEnd } from '../kernel/rule-walk.ts';
import { describe, farEnds, namedEnds, type Tunnel, tunnelAt } from '../kernel/tunnel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { Firewall } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { type Link, linkNamed } from '../model/stack.ts';
import { fromState, ruleName } from '../words/telling.ts';

const NEIGHBOURS = ['neighbour-absent', 'neighbour-unanswered', 'no-reply-from-destination'] as const;

const show = (tunnel: Tunnel) => ['ip', '-d', 'link', 'show', 'dev', tunnel.link.name];

/** The other end's tunnel, where that end is a namespace of this host. */
const farTunnels = (scene: Scene) => vxlans(scene.stacks.other?.links ?? []);

const vxlans = (links: readonly Link[]) =>
  links.filter((link) => link.kind === 'vxlan').map((link) => describe(link));

/** The rule that surely ends the tunnel's own packets here: those that this host sends to that end, or those of that end to it. */
function blocking(
  scene: Scene & { readonly firewall: Firewall },
  tunnel: Tunnel,
  to: string,
): Rule | undefined {
  const sent = outerPacket(scene, tunnel.hop, [], to);
  if (!sent) return undefined;
  const own = sent.source || addressOf(scene, sent);
  // Each end sends from a port of its own: what comes in is no answer to what went out.
  const here = { ...sent, source: own, state: 'new' } as const;
  const back = { ...here, source: sent.destination, destination: own, in: sent.out, out: null };
  const ways: readonly (readonly [Packet, NatHook])[] = [
    [here, 'output'],
    [here, 'postrouting'],
    [back, 'prerouting'],
    [back, 'input'],
  ];
  for (const [packet, hook] of ways) {
    const end = sureEnd(scene.firewall.host, packet, hook);
    if (end && end.number !== null) return end;
  }
  return undefined;
}

/** What it sends from where nothing names it: the address of the interface that it leaves by. */
const addressOf = ({ stacks }: Scene, { out, destination }: OuterPacket): string =>
  linkNamed(stacks.host, out)?.addresses.find(
    ({ address, scope }) => address.includes(':') === destination.includes(':') && scope !== 'link',
  )?.address ?? '';

/** A firewall, or a host that has no such tunnel, by reason or function. */
const ENDED = new RegExp(`${NETFILTER.source}|^(NO_SOCKET|__udp[46]_lib_rcv\\w*)$`);

/** What a host says that takes no such packets, and a firewall that lets none through: RFC 792, RFC 1812 (5.2.7.1), RFC 4443. */
const REFUSES =
  /^(port unreachable|protocol unreachable|administratively prohibited|source address failed policy)$/;

/** Somebody said so: an ICMP error that quotes an outer packet came back to this host. */
function refused(scene: Scene, ends: readonly string[]): Claim | null {
  const refusal = refusedOuter(scene, REFUSES, ends);
  if (!refusal) return null;
  const { hop, to, error } = refusal;
  const port = hop.link.data.port;
  const how = typeof port === 'number' ? `UDP port ${port}` : 'its protocol';
  const isUntaken = / unreachable$/.test(error.says ?? '') && error.source === to;
  return {
    ...refusalClaim(scene, refusal),
    what: isUntaken
      ? `${to}, the other end of ${hop.name}, has nobody who takes the tunnel’s packets: ${error.says}`
      : `${error.source} refuses the packets of ${hop.name} for ${to}: ${error.says}`,
    do: isUntaken
      ? `Make the tunnel at ${to}, and let it use ${how}.`
      : `Let ${how} pass at ${error.source}, in both directions.`,
  };
}

const portBlocked = cause({
  id: 'overlay-port-blocked',
  title: 'The tunnel\u2019s UDP port is filtered, or differs between the hosts',
  explain: `An overlay network carries containers' frames between hosts in UDP packets: VXLAN, on port 4789 (8472 for some). When a
firewall of either host or of the cloud between them drops that port, or the two ends use different ports, containers on one
host reach each other and never those on another.

A firewall that refuses, and a host without such a tunnel, say so: ICMP errors come back to the host, whose kernel keeps them
from the containers. Of every other tunnel (Geneve, GRE, IPIP) these are understood as well.

By hand: \`tcpdump -ni UPLINK icmp\` shows such errors; \`tcpdump -ni UPLINK udp port 4789\` on both hosts at once: packets leave one and do not arrive at the other, or arrive
and go no further (\`iptables -vnL INPUT\`); \`ip -d link show type vxlan\` for the port.`,
  needs: ['firewall', 'fdb'],
  over: [...NEIGHBOURS, 'output-rule-drop'],
  examine(scene) {
    const tunnel = tunnelAt(scene);
    const ends = tunnel ? farEnds(scene, tunnel, scene.fdb) : [];
    const told = refused(scene, ends);
    if (told) return told;
    const to = tunnel && (tunnel.remote ?? ends[0]);
    if (!tunnel || to === undefined) return null;
    if (droppedBy(scene, /^VXLAN_|^vxlan_rcv/) === true) return null;
    const rule = blocking(scene, tunnel, to);
    const far = farTunnels(scene).find((one) => one.vni === tunnel.vni && one.port !== tunnel.port);
    // What entered the tunnel and was then dropped by a firewall is the outer packet: here, or at a far end nearby.
    const away = scene.place?.after?.id === tunnel.hop.id && droppedBy(scene, ENDED) === true;
    // Silence alone may be of anybody behind the tunnel.
    if (!rule && !far && !away) return null;
    return {
      sure: far ? 'proved' : 'supported',
      what: far
        ? `${tunnel.link.name} sends to UDP port ${tunnel.port} and the other end listens on ${far.port}`
        : `nothing comes back through the tunnel ${tunnel.link.name}: UDP port ${tunnel.port} to ${to} seems to be filtered`,
      why: rule
        ? `${ruleName(rule)} drops the tunnel's packets: ${rule.text}.`
        : `The frames entered ${tunnel.link.name}, which sends them to ${to} by UDP port ${tunnel.port}, and nobody behind it has answered.`,
      do: far
        ? 'Use one port at both ends.'
        : `Let UDP port ${tunnel.port} pass between the hosts, in both directions and on both firewalls.`,
      owner: rule?.owner ?? null,
      fixes: rule ? deletion(rule, null) : [],
      evidence: [
        fromState(
          `${tunnel.link.name}: id ${tunnel.vni}, port ${tunnel.port}, remote ${to}`,
          show(tunnel),
          tunnel.hop.id,
        ),
      ],
    };
  },
});

const vniMismatch = cause({
  id: 'overlay-vni-mismatch',
  title: 'The two ends of the tunnel use different network identifiers',
  explain: `Each VXLAN packet carries the number of its network (VNI). A host that gets one with a number that none of its interfaces
has throws it away, without telling anybody: the outer packets arrive, and nothing comes out of the tunnel.

It comes about when a network was made anew on one host only, or with tunnels that were set up by hand.

By hand: \`ip -d link show type vxlan\` on both hosts and compare "id"; on a newer kernel the drop reason is VXLAN_VNI_NOT_FOUND.`,
  needs: ['farTunnels'],
  over: ['overlay-port-blocked', ...NEIGHBOURS],
  examine(scene) {
    const tunnel = tunnelAt(scene);
    if (!tunnel) return null;
    const dropped = droppedBy(scene, /^VXLAN_VNI_NOT_FOUND$/);
    // A kernel without reasons names the function alone: which tunnels are there says the rest.
    const isTold = dropped === true || droppedBy(scene, /^vxlan_rcv$/) === true;
    const there = isTold ? [...farTunnels(scene), ...vxlans(scene.farTunnels)] : farTunnels(scene);
    const others = there.filter((one) => one.port === tunnel.port && !one.external);
    const known = tunnel.vni === null || others.some((one) => one.vni === tunnel.vni);
    const far = known ? undefined : others[0];
    if (dropped !== true && !far) return null;
    const id = tunnel.vni === null ? 'a network identifier' : `network identifier ${tunnel.vni}`;
    const route = tunnel.byRoute ? ` by the route's own tunnel (encap ip id ${tunnel.vni})` : '';
    return {
      sure: 'proved',
      what: `${tunnel.link.name} sends with ${id}${route}${far ? `, and the other end expects ${far.vni}` : ', which the other end does not know'}`,
      why: 'The outer packets arrive, and the kernel that gets them knows no tunnel of that number.',
      do: tunnel.byRoute
        ? `Give the route the identifier of the other end: ip route replace … encap ip id ${far?.vni ?? 'ID'} dst ${tunnel.remote ?? 'OTHER-END'} … dev ${tunnel.link.name}.`
        : tunnel.external
          ? 'Give the route (encap ip id) or the program that sends through it the identifier of the other end.'
          : 'Make both ends anew with one identifier.',
      evidence: [
        fromState(
          `${tunnel.link.name} ${tunnel.external ? 'has no id of its own (external)' : `has id ${tunnel.vni}`}`,
          show(tunnel),
          tunnel.hop.id,
        ),
      ],
    };
  },
});

const peerMissing = cause({
  id: 'overlay-peer-missing',
  title: 'The tunnel has no entry for the other end',
  explain: `A VXLAN interface must know to which host it sends a frame: a fixed remote address, a multicast group, or forwarding
entries that a controller (the container runtime, a network plug-in) keeps. Without one for this destination the frame is
dropped before it becomes a packet.

A node that joined while the control plane was cut off, or an agent that crashed, leaves such gaps.

By hand: \`bridge fdb show dev VXLAN\` and look for "dst" addresses; the entry for 00:00:00:00:00:00 takes what has none of its own.`,
  needs: ['fdb'],
  over: ['overlay-port-blocked', ...NEIGHBOURS],
  examine(scene) {
    const tunnel = tunnelAt(scene);
    if (!tunnel || tunnel.remote !== null || tunnel.external) return null;
    const ends = farEnds(scene, tunnel, scene.fdb);
    const dropped = droppedBy(scene, /^(VXLAN_NO_REMOTE|NO_TX_TARGET|vxlan_xmit|vxlan_mdb_xmit)$/);
    if (ends.length > 0 && dropped !== true) return null;
    const [named] = namedEnds(tunnel, scene.fdb);
    return {
      sure: dropped ? 'proved' : 'supported',
      what: `${tunnel.link.name} does not know to which host to send`,
      why: `It has no remote address${named ? ` for this destination, only entries for ${named.dst}` : ' and no forwarding entry that names a host'}.`,
      do: 'Let the control plane write its entries again (restart its agent), or add one with `bridge fdb append`.',
      evidence: [
        fromState(
          named ? 'no forwarding entry leads there' : 'no forwarding entry leads to another host',
          ['bridge', 'fdb', 'show', 'dev', tunnel.link.name],
          tunnel.hop.id,
        ),
      ],
    };
  },
});

const ingressBroken = cause({
  id: 'overlay-ingress-broken',
  title: 'The swarm ingress rules are missing',
  explain: `A service that Docker Swarm publishes is reached on every node: rules in the chain DOCKER-INGRESS lead the port into a
hidden namespace (ingress_sbox), where marks and IPVS choose a task. A firewall reload removes those rules, and Docker does not
always write them again.

Nodes that run no task of the service stop answering, while others go on.

By hand: \`iptables -t nat -S DOCKER-INGRESS\`, and
\`nsenter --net=/run/docker/netns/ingress_sbox iptables -t mangle -S\`.`,
  needs: ['firewall'],
  over: ['port-not-published', 'connection-refused', 'no-reply-from-destination'],
  examine(scene) {
    const { flow, symptom, target } = scene;
    if (symptom.kind === 'answered' || flow.from === 'container' || flow.port === null) return null;
    if (!target.networks.some((network) => network.name === 'ingress' && network.driver === 'overlay'))
      return null;
    if (target.networks.some((network) => network.addresses.includes(flow.address))) return null;
    const rules = scene.firewall.host.filter((rule) => rule.table === 'nat');
    const leads = rules.some(
      (rule) =>
        rule.chain === 'DOCKER-INGRESS' &&
        asked(clausesOf(rule), 'dport')?.values.includes(String(flow.port)),
    );
    const called = rules.some((rule) => clausesOf(rule).target === 'DOCKER-INGRESS');
    if (leads && called) return null;
    return {
      sure: 'supported',
      what: `swarm's ingress rules ${called ? `lead port ${flow.port} nowhere` : 'are gone'}`,
      why: `${target.name} belongs to the swarm's ingress network, and no rule of DOCKER-INGRESS takes port ${flow.port} there.`,
      do: 'Let Docker write them again: `docker service update --force SERVICE`, or restart Docker on this node.',
      owner: 'docker',
      evidence: [fromState('the ingress rules', ['iptables', '-t', 'nat', '-S', 'DOCKER-INGRESS'])],
    };
  },
});

export default [portBlocked, vniMismatch, peerMissing, ingressBroken];
