import { attachment } from '../kernel/attachment.ts';
import { crossing } from '../kernel/crossing.ts';
import { BRIDGE, confirmed, refuted } from '../kernel/drops.ts';
import { ledHome, sourceHome } from '../kernel/led-home.ts';
import { nextHop, questions, reached } from '../kernel/next-hop.ts';
import { isCalled } from '../kernel/tracked-in-bridge.ts';
import { fromAnyView, outgoing } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { Firewall, RuleHit, Sysctls } from '../model/facts.ts';
import { type Change, run } from '../model/fix.ts';
import { isAt, type Scene } from '../model/scene.ts';
import { type Link, linkNamed } from '../model/stack.ts';
import { fromState, ruleName } from '../words/telling.ts';

interface Kept {
  readonly what: string;
  readonly why: string;
  /** Port or bridge settings to change: interface, option of bridge-link(8), now, then. */
  readonly settings: readonly (readonly [
    dev: string,
    option: string,
    now: 'on' | 'off',
    then: 'on' | 'off',
  ])[];
  readonly snooping?: Link;
  readonly do?: string;
}

type Ruled = Scene & {
  readonly firewall: Firewall;
  readonly ruleHits: readonly RuleHit[];
  readonly sysctls: Sysctls;
};

/**
 * A service that asks itself by its service's address: led home inside the bridge (br_nf_pre_routing_finish), where the frame
 * may leave by the port it came in by in hairpin mode only (should_deliver(), net/bridge/br_forward.c). What the host routes
 * instead the bridge itself sends, and to every port.
 */
function askingItself(scene: Ruled): Kept | undefined {
  const { from } = scene.flow;
  if ((from !== 'container' && from !== 'other') || !isAt(scene, 'wire', 'port', 'bridge', 'forward'))
    return undefined;
  const { port, bridge } = attachment(scene, from) ?? {};
  if (!bridge || port?.port?.hairpin !== false) return undefined;
  const home = ledHome(scene);
  const source = home && sourceHome(scene, home);
  if (source?.kind !== 'rewritten' || !(confirmed(scene, BRIDGE) || isCalled(scene, bridge.name)))
    return undefined;
  const { address, rewrite } = home!;
  const masquerading = source.rules.at(-1);
  return {
    what: `hairpin is off on ${port.name}, by which ${address} asks its own service`,
    why: `${ruleName(rewrite.rule)} makes ${scene.flow.address} the address of who asks, ${address}, as it does for everybody${masquerading ? `, and ${ruleName(masquerading)} gives it another source on its way back` : ''}. The frame must leave by the port it came in by, which a bridge does in hairpin mode only.`,
    settings: [[port.name, 'hairpin', 'off', 'on']],
    do: `Turn hairpin mode on, and let who attaches containers to ${bridge.name} do so (hairpinMode of the CNI plugin bridge, --hairpin-mode of kubelet, userland-proxy off in Docker), or let it ask itself by its own address.`,
  };
}

/** Is it the search for the next hop that is kept back, and not the packet itself? */
function askedFor(scene: Scene): { stopped: boolean; leaving: boolean } {
  const hop = nextHop(scene, outgoing(scene));
  if (!hop || questions(scene, hop.address).length === 0) return { stopped: false, leaving: false };
  const last = hop.segment.hops.at(-1);
  return { stopped: !reached(scene, hop).includes(last?.id ?? ''), leaving: true };
}

function kept(scene: Scene): Kept | undefined {
  const { enter, leave } = crossing(scene) ?? {};
  if (enter?.port?.isolated && leave?.port?.isolated) {
    return {
      what: `${enter.name} and ${leave.name} are isolated ports of ${enter.master}`,
      why: 'An isolated port of a bridge does not forward to another isolated one; both reach the bridge and what is not isolated.',
      settings: [
        [enter.name, 'isolated', 'on', 'off'],
        [leave.name, 'isolated', 'on', 'off'],
      ],
    };
  }
  if (enter?.port?.locked) {
    return {
      what: `${enter.name} is a locked port of ${enter.master}`,
      why: 'A locked port drops the frames of every MAC address for which the bridge has no entry on that port.',
      settings: [[enter.name, 'locked', 'on', 'off']],
    };
  }
  if (enter && enter === leave && !enter.port?.hairpin) {
    return {
      what: `hairpin is off on ${enter.name}`,
      why: 'The frame must leave by the port it came in by, which a bridge does in hairpin mode only.',
      settings: [[enter.name, 'hairpin', 'off', 'on']],
    };
  }
  return leave ? flooding(scene, leave) : undefined;
}

/** Flooding that is off on the port towards the receiver keeps broadcasts, multicasts or unlearned addresses from it. */
function flooding(scene: Scene, leave: Link): Kept | undefined {
  const { stopped, leaving } = askedFor(scene);
  if (leaving && !stopped) return undefined;
  const { family } = scene.flow;
  const option = !leaving ? 'flood' : family === 6 ? 'mcast_flood' : 'bcast_flood';
  const off = {
    flood: !leave.port?.flood,
    mcast_flood: !leave.port?.mcastFlood,
    bcast_flood: !leave.port?.bcastFlood,
  };
  const bridge = linkNamed(scene.stacks.host, leave.master);
  if (off[option]) {
    return {
      what: `${option} is off on ${leave.name}`,
      why: leaving
        ? `The ${family === 6 ? 'neighbour solicitation (a multicast)' : 'ARP request (a broadcast)'} for the next hop came to ${leave.master} and was not passed on to ${leave.name}.`
        : `${leave.master} has no entry for the frame's MAC address, and may not flood it to ${leave.name}.`,
      settings: [[leave.name, option, 'off', 'on']],
      ...(option === 'mcast_flood' && bridge?.bridge?.mcastSnooping ? { snooping: bridge } : {}),
    };
  }
  // Snooping is in force while somebody queries: this bridge itself, or one that only the bridge has heard (br_multicast.c).
  const inForce = bridge?.bridge?.mcastQuerier === true || confirmed(scene, BRIDGE);
  if (leaving && family === 6 && bridge?.bridge?.mcastSnooping && inForce) {
    return {
      what: `multicast snooping of ${bridge.name} keeps neighbour discovery from ${leave.name}`,
      why: `${bridge.name} passes a neighbour solicitation only to ports that reported the group, and ${leave.name} did not get it.`,
      settings: [],
      snooping: bridge,
    };
  }
  return undefined;
}

export default cause({
  id: 'bridge-port-isolated',
  title: 'A setting of the bridge port keeps the frame back',
  explain: `A port of a bridge can be set not to exchange frames with others: isolated ports reach the bridge and not each other,
a locked port passes only addresses it knows, hairpin off keeps a frame from leaving by the port it came in by, and
without flooding a broadcast, a multicast or a frame to an unlearned address never reaches the port. Multicast snooping
without reports from the far end does the same to IPv6 neighbour discovery.

\`bridge -d link show\` lists these settings. The internet mostly works all the same, and only the neighbour is dead.`,
  needs: ['firewall', 'ruleHits', 'sysctls'],
  over: ['neighbour-unanswered', 'neighbour-absent'],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      if (refuted(scene, BRIDGE)) return null;
      const found = kept(scene) ?? askingItself(scene);
      if (!found) return null;
      const { settings, snooping } = found;
      const set = (index: 2 | 3): Change[] =>
        settings.map((one) => run(['bridge', 'link', 'set', 'dev', one[0], one[1], one[index]]));
      const snoop = (value: string): Change[] =>
        snooping
          ? [run(['ip', 'link', 'set', 'dev', snooping.name, 'type', 'bridge', 'mcast_snooping', value])]
          : [];
      const at = attachment(scene, 'container');
      return {
        sure: confirmed(scene, BRIDGE) || askedFor(scene).stopped ? 'proved' : 'supported',
        what: found.what,
        why: found.why,
        do: found.do ?? 'Change the setting, if these two are meant to reach each other.',
        fixes: [
          {
            title: [
              ...settings.map(([dev, option, , then]) => `${option} ${then} on ${dev}`),
              ...(snooping ? [`multicast snooping off on ${snooping.name}`] : []),
            ].join(', '),
            risk: 'safe',
            lasts: 'as long as the containers run',
            affects: 'what else these ports were kept from',
            apply: [...snoop('0'), ...set(3)],
            undo: [...set(2), ...snoop('1')],
          },
        ],
        evidence: [fromState(found.what, ['bridge', '-d', 'link', 'show'], at?.portId ?? null)],
      };
    }),
});
