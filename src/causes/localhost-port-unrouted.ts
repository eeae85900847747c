import { setSysctls } from '../fixes/sysctl.ts';
import { arrival, isLoopback } from '../kernel/arrival.ts';
import { droppedBy } from '../kernel/drops.ts';
import { subnetOf, within } from '../kernel/nat.ts';
import { destinationRewrites, sourceRewrites } from '../kernel/nat-rules.ts';
import { questions } from '../kernel/next-hop.ts';
import { enteringPacket, entrance } from '../kernel/packet-of.ts';
import { leading } from '../kernel/publishing.ts';
import { meets } from '../kernel/rule-chain.ts';
import { asked } from '../kernel/rule-clauses.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Facts } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import { isAt, type Scene, seen } from '../model/scene.ts';
import { linkHolding } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

const INPUT_ROUTING =
  /^(IP_LOCALNET|ip_rcv_finish_core|ip_route_input_\w+|MARTIAN\w*|br_nf_pre_routing_finish)$/;

/** Rules that lead what comes in by an interface to a loopback address, which its routing refuses. */
function ledToLoopback(scene: Scene & Pick<Facts, 'firewall' | 'sysctls'>): Claim | null {
  const iif = entrance(scene);
  if (scene.place?.direction !== 'request' || !iif || scene.flow.family === 6) return null;
  const dropped = droppedBy(scene, INPUT_ROUTING);
  if (dropped === false || !isAt(scene, 'port', 'bridge', 'forward', 'deliver')) return null;
  const key = `net.ipv4.conf.${iif}.route_localnet`;
  if (scene.sysctls.host[key] !== '0') return null;
  if (scene.sysctls.host['net.ipv4.conf.all.route_localnet'] === '1') return null;
  const rules = scene.firewall.host;
  const rewrite = destinationRewrites(rules).find(
    ({ address, rule }) =>
      address !== null &&
      isLoopback(address) &&
      meets(rules, rule, enteringPacket(scene, iif), 'prerouting') === true,
  );
  if (!rewrite) return null;
  const to = `${rewrite.address}${rewrite.port === null ? '' : `:${rewrite.port}`}`;
  return {
    sure: dropped ? 'proved' : 'supported',
    what: `a rule leads it to ${to}, and ${iif} may not route to loopback addresses: route_localnet is off`,
    why: `${rewrite.rule.text} makes ${to} of ${scene.flow.address}; what comes in by another interface than lo and goes to 127.0.0.0/8 is refused unless net.ipv4.conf.${iif}.route_localnet is 1.`,
    do: `Turn route_localnet on for ${iif}, or let the service listen on an address of ${iif} and the rule lead there.`,
    owner: rewrite.rule.owner,
    fixes: [routeLocalnet(iif)],
    evidence: [fromState(`${key} = 0`, ['sysctl', key])],
  };
}

const routeLocalnet = (dev: string): Fix =>
  setSysctls([{ key: `net.ipv4.conf.${dev}.route_localnet`, value: '1', before: '0' }], null, {
    title: `Turn route_localnet on for ${dev}`,
    risk: 'safe',
    lasts: 'until the bridge is made anew, or until reboot',
    affects: `loopback addresses may then be routed through ${dev}`,
  });

export default cause({
  id: 'localhost-port-unrouted',
  title: 'A rule leads to or from 127.0.0.1, and the kernel does not route it',
  explain: `When the host asks 127.0.0.1 and a published port, a DNAT rule turns the destination into the container's address, and
the packet, whose source is 127.0.0.1, must leave through the bridge. The kernel forbids that unless route_localnet is on
for the bridge; and in the container the source 127.0.0.1 is refused unless a MASQUERADE rule replaces it.

Docker does both when its proxy is switched off; with the proxy a program of the host serves the port, and neither is needed.

The other way round, a rule that leads containers to a service on the host's 127.0.0.1 (metadata and credentials agents of
clouds) needs route_localnet on the interface by which their packets come in.

By hand: \`sysctl net.ipv4.conf.BRIDGE.route_localnet\`, and \`iptables -t nat -S POSTROUTING | grep -- '--src-type LOCAL'\`.`,
  needs: ['firewall', 'listeners', 'sysctls'],
  over: [
    'connection-refused',
    'no-reply-from-destination',
    'dnat-wrong',
    'masquerade-missing',
    'output-rule-drop',
    'neighbour-unanswered',
    'host-no-route',
    'host-route-diverted',
  ],
  examine(scene) {
    const { flow } = scene;
    if (flow.from !== 'host') return ledToLoopback(scene);
    if (!isLoopback(flow.address) || flow.port === null) return null;
    if (scene.symptom.kind === 'answered') return null;
    const rewrite = leading(scene);
    const to = rewrite?.address;
    if (!rewrite || !to || isLoopback(to)) return null;
    const bridge = scene.stacks.host.links.find((link) =>
      link.addresses.some((one) => within(to, subnetOf(one.address, one.prefix))),
    );
    if (!bridge || linkHolding(scene.stacks.host, to)) return null;
    const key = `net.ipv4.conf.${bridge.name}.route_localnet`;
    const all = 'net.ipv4.conf.all.route_localnet';
    const there = arrival(scene);
    const arrived = there.rewritten && there.source !== null && isLoopback(there.source);
    if (!arrived && scene.sysctls.host[key] === '0' && scene.sysctls.host[all] !== '1') {
      const dropped = droppedBy(
        scene,
        /^(nf_hook_slow|ip_route_me_harder|__ip_local_out|ip_local_out|ip_output|IP_OUTNOROUTES|IP_LOCALNET)$/,
      );
      if (dropped === false) return null;
      return {
        sure: dropped ? 'proved' : 'supported',
        what: `packets from 127.0.0.1 may not leave through ${bridge.name}: route_localnet is off`,
        why: `A rule leads ${flow.address}:${flow.port} to ${to} behind ${bridge.name} (${rewrite.rule.text}), and the kernel does not route loopback addresses there.`,
        do: `Turn route_localnet on for ${bridge.name}, or ask one of the host's other addresses.`,
        fixes: [routeLocalnet(bridge.name)],
        evidence: [fromState(`${key} = 0`, ['sysctl', key])],
      };
    }
    // Before its first packet the host asks for the container's MAC address, in the name of the source it would use.
    const asks = questions(scene, to).some((one) => / tell 127\./.test(one.says ?? ''));
    const hop = arrived ? there.hop : null;
    if (!hop && !asks) return null;
    const masked = sourceRewrites(scene.firewall.host).find(
      ({ clauses }) => asked(clauses, 'source-type') && asked(clauses, 'out')?.values.includes(bridge.name),
    );
    if (masked || (hop && seen(scene, hop.id, 'reply').length > 0)) return null;
    const dropped = droppedBy(scene, /^(IP_LOCALNET|ip_rcv_finish_core|ip_route_input_\w+|MARTIAN\w*)$/);
    if (dropped === false) return null;
    const rule = [
      'POSTROUTING',
      '-m',
      'addrtype',
      '--src-type',
      'LOCAL',
      '-o',
      bridge.name,
      '-j',
      'MASQUERADE',
    ] as const;
    return {
      sure: 'proved',
      what: `the source 127.0.0.1 is not rewritten on the way to ${bridge.name}`,
      why: hop
        ? `The packets were seen on ${hop.name} as coming from ${there.source}, an address that a container never accepts from outside.`
        : `On ${bridge.name} the host asks for ${to} in the name of 127.0.0.1, and a container answers nobody of that address.`,
      do: `Masquerade what the host itself sends through ${bridge.name}, or ask one of the host's other addresses.`,
      fixes: [
        {
          title: `Masquerade what this host sends through ${bridge.name}`,
          risk: 'safe',
          lasts: 'until reboot, or until the rules are loaded again',
          affects: `the containers of ${bridge.name} see the bridge's address as the sender`,
          apply: [run(['iptables', '-t', 'nat', '-A', ...rule])],
          undo: [run(['iptables', '-t', 'nat', '-D', ...rule])],
        },
      ],
      evidence: [
        fromState('no rule masquerades local sources there', ['iptables', '-t', 'nat', '-S', 'POSTROUTING']),
      ],
    };
  },
});
