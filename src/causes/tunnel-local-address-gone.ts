import { lostEnd } from '../kernel/tunnel-end.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Link } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

/** Of a VXLAN the kernel changes this alone and keeps the rest: vxlan_changelink(), drivers/net/vxlan/vxlan_core.c. */
function movedTo(link: Link, local: string, now: readonly string[]): Fix[] {
  const [own, ...others] = now;
  if (link.kind !== 'vxlan' || own === undefined || others.length > 0) return [];
  const set = (address: string) =>
    run(['ip', 'link', 'set', 'dev', link.name, 'type', 'vxlan', 'local', address]);
  return [
    {
      title: `Let ${link.name} send from ${own}`,
      risk: 'disruptive',
      lasts: 'until reboot, or until whoever made the tunnel makes it again',
      affects: `all traffic of ${link.name}; the far end may know this host by ${local} still`,
      apply: [set(own)],
      undo: [set(local)],
    },
  ];
}

export default cause({
  id: 'tunnel-local-address-gone',
  title: 'The tunnel sends from an address that this host does not hold any more',
  explain: `A tunnel (VXLAN, GRE, IPIP, SIT) may name its own end, the address that its outer packets are sent from. When that
address leaves the host (a new DHCP lease, a card that was renumbered), the kernel finds no route from it and drops what enters
the tunnel; of IPv6 the packets may leave with a source that nobody can answer. The tunnel stays up, and nobody is told.

By hand: \`ip -d link show dev TUNNEL\` names "local"; \`ip addr show to ADDRESS\` shows no interface that holds it.`,
  needs: ['fdb'],
  // Where each kind asks for the way of its outer packet, and finds none.
  explains: /^(vxlan_xmit\w*|ip_(md_)?tunnel_xmit|ip6_tnl_xmit\w*|ipip6_tunnel_xmit)$/,
  over: [
    'overlay-port-blocked',
    'overlay-peer-missing',
    'output-rule-drop',
    'neighbour-absent',
    'neighbour-unanswered',
    'masquerade-missing',
    'no-reply-from-destination',
  ],
  examine(scene) {
    const { place } = scene;
    const end = place?.direction === 'request' ? lostEnd(scene, scene.fdb) : undefined;
    const at = end ? scene.path.hops.findIndex(({ id }) => id === end.hop.id) : -1;
    // What entered it, or was to, is lost here; what stops before it has another reason.
    if (!end || !place || place.index < at) return null;
    const { link, local, outer, now } = end;
    const held = outer ? `${outer.name} holds ${now.join(' and ') || 'none of that family'}` : undefined;
    return {
      sure: 'supported',
      what: `the tunnel ${link.name} sends from ${local}, which is no address of this host${held ? ` (${held})` : ''}`,
      why: `${link.name} has "local ${local}", and no interface of the host holds it: ${local.includes(':') ? 'no answer can come back to it' : 'the kernel routes no packet from it, and drops what enters the tunnel'}.`,
      do: `Make the tunnel anew with ${now.length === 1 ? `local ${now[0]}` : 'an address that the host holds'}, where it is configured; the far end may have to learn the new address as well.`,
      fixes: movedTo(link, local, now),
      evidence: [
        fromState(`${link.name}: local ${local}`, ['ip', '-d', 'link', 'show', 'dev', link.name], end.hop.id),
        fromState(`no interface holds ${local}`, ['ip', 'addr', 'show', 'to', local]),
      ],
    };
  },
});
