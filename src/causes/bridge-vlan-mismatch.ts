import { crossing } from '../kernel/crossing.ts';
import { BRIDGE, confirmed, refuted } from '../kernel/drops.ts';
import { fromAnyView } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { VlanMembership } from '../model/facts.ts';
import { type Change, run } from '../model/fix.ts';
import { fromState } from '../words/telling.ts';

const pvid = (vlans: readonly VlanMembership[], dev: string): number | undefined =>
  vlans.find((one) => one.dev === dev && one.flags.includes('PVID'))?.vlan;

/** Does a frame of this VLAN leave `dev` without a tag? */
const passes = (vlans: readonly VlanMembership[], dev: string, vlan: number): boolean =>
  vlans.some((one) => one.dev === dev && one.vlan === vlan && one.flags.includes('Egress Untagged'));

/** `self` addresses the bridge device, `master` (the default) a port. */
const change = (verb: string, dev: string, vlan: number, isBridge: boolean, ...flags: string[]): Change =>
  run(['bridge', 'vlan', verb, 'dev', dev, 'vid', String(vlan), ...flags, ...(isBridge ? ['self'] : [])]);

export default cause({
  id: 'bridge-vlan-mismatch',
  title: 'VLAN filtering of the bridge drops the frame',
  explain: `With VLAN filtering on, a bridge puts each untagged frame into the VLAN that is the PVID of the port it comes in by,
and passes it only to ports of the same VLAN. A port without PVID drops what comes in; ports of different VLANs do not
hear each other; and where the bridge itself is not a member, containers reach each other and neither the host nor the
gateway.

\`bridge vlan show\` lists the VLANs of each port, and of the bridge itself under its own name.`,
  needs: ['vlans'],
  over: [
    'neighbour-unanswered',
    'neighbour-absent',
    'container-wrong-gateway',
    'bridge-fdb-wrong',
    'bridge-port-isolated',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const way = crossing(scene);
      if (!way?.bridge.bridge?.vlanFiltering || refuted(scene, BRIDGE)) return null;
      const { bridge, enter, leave } = way;
      const devs = [enter?.name ?? bridge.name, leave?.name ?? bridge.name] as const;
      const [from, to] = devs.map((dev) => pvid(scene.vlans, dev)) as [
        number | undefined,
        number | undefined,
      ];
      const there = from !== undefined && passes(scene.vlans, devs[1], from);
      const back = to !== undefined && passes(scene.vlans, devs[0], to);
      if (there && back) return null;
      // The side to change is the one whose VLAN the bridge's own does not share, or the one without any.
      const own = pvid(scene.vlans, bridge.name);
      const wrong =
        from === undefined
          ? devs[0]
          : to === undefined
            ? devs[1]
            : own !== undefined && from !== own
              ? devs[0]
              : devs[1];
      const right = (wrong === devs[0] ? to : from) ?? own;
      const before = pvid(scene.vlans, wrong);
      const isSelf = wrong === bridge.name;
      const say = (dev: string, vlan: number | undefined): string =>
        vlan === undefined ? `${dev} has no PVID` : `${dev} has PVID ${vlan}`;
      return {
        sure: confirmed(scene, BRIDGE) ? 'proved' : 'supported',
        what: `VLAN filtering of ${bridge.name} keeps ${devs[0]} and ${devs[1]} apart`,
        why: `${say(devs[0], from)} and ${say(devs[1], to)}: an untagged frame of the one does not reach the other untagged.`,
        do: 'Put both into the same VLAN, or turn VLAN filtering off.',
        fixes:
          right === undefined
            ? []
            : [
                {
                  title: `Make VLAN ${right} the PVID of ${wrong}`,
                  risk: 'safe',
                  lasts: 'as long as the port exists',
                  apply: [change('add', wrong, right, isSelf, 'pvid', 'untagged')],
                  undo: [
                    change('del', wrong, right, isSelf),
                    ...(before === undefined
                      ? []
                      : [change('add', wrong, before, isSelf, 'pvid', 'untagged')]),
                  ],
                },
              ],
        evidence: devs.map((dev, index) =>
          fromState(say(dev, index === 0 ? from : to), ['bridge', 'vlan', 'show', 'dev', dev], `host/${dev}`),
        ),
      };
    }),
});
