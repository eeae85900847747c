import { pvidOf, upperOf, type VlanEnd, type VlanTrouble, vlanTrouble } from '../kernel/bridge-vlans.ts';
import { crossing } from '../kernel/crossing.ts';
import { BRIDGE, confirmed, OTHERHOST, refuted } from '../kernel/drops.ts';
import { fromAnyView, incoming } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { VlanMembership } from '../model/facts.ts';
import { type Change, run } from '../model/fix.ts';
import { namesOnHost } from '../model/path.ts';
import type { Link } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

/** `self` addresses the bridge device, `master` (the default) a port. */
const change = (verb: string, dev: string, vlan: number, isBridge: boolean, ...flags: string[]): Change =>
  run(['bridge', 'vlan', verb, 'dev', dev, 'vid', String(vlan), ...flags, ...(isBridge ? ['self'] : [])]);

/** A frame with a tag that its receiver has no interface for is another's to it. */
const LOST = new RegExp(`${BRIDGE.source}|${OTHERHOST.source}|^vlan_do_receive$`);

function title({ dev, vlan, flags, before }: VlanTrouble): string {
  if (flags.includes('pvid') && before === null) return `Make VLAN ${vlan} the PVID of ${dev}`;
  if (flags.includes('untagged')) return `Let ${dev} send VLAN ${vlan} without a tag`;
  return before === null ? `Make ${dev} a member of VLAN ${vlan}` : `Let ${dev} keep the tag of VLAN ${vlan}`;
}

const membershipsOf = (vlans: readonly VlanMembership[], dev: string): string => {
  const own = vlans.filter((one) => one.dev === dev);
  return own.length === 0
    ? `${dev} is in no VLAN`
    : `${dev}: ${own.map(({ vlan, flags }) => [`VLAN ${vlan}`, ...flags].join(' ')).join(', ')}`;
};

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
      // What arrived and was not taken may have come with a tag.
      const arrived = scene.place?.stage === 'send' || scene.place?.stage === 'deliver';
      const way = crossing(scene) ?? (arrived ? crossing(scene, incoming(scene)) : undefined);
      if (!way?.bridge.bridge?.vlanFiltering || refuted(scene, LOST)) return null;
      const { bridge, enter, leave } = way;
      const names = namesOnHost(scene.path.hops);
      const end = (port: Link | undefined): VlanEnd => ({
        dev: port?.name ?? bridge.name,
        isSelf: port === undefined,
        upper: port === undefined ? upperOf(scene.stacks.host, bridge, names) : undefined,
      });
      const ends = [end(enter), end(leave)] as const;
      const found = vlanTrouble(scene.vlans, ends, pvidOf(scene.vlans, bridge.name));
      if (!found) return null;
      const { dev, isSelf, vlan, flags, before } = found;
      const old = flags.includes('pvid') && before === null ? pvidOf(scene.vlans, dev) : undefined;
      return {
        sure: confirmed(scene, BRIDGE) || (arrived && confirmed(scene, OTHERHOST)) ? 'proved' : 'supported',
        what: `VLAN filtering of ${bridge.name} keeps ${ends[0].dev} and ${ends[1].dev} apart`,
        why: found.says,
        do: 'Put both into the same VLAN, tagged or untagged as each takes it, or turn VLAN filtering off.',
        fixes: [
          {
            title: title(found),
            risk: 'safe',
            lasts: 'as long as the port exists',
            apply: [change('add', dev, vlan, isSelf, ...flags)],
            undo: [
              before === null
                ? change('del', dev, vlan, isSelf)
                : change('add', dev, vlan, isSelf, ...before),
              ...(old === undefined ? [] : [change('add', dev, old, isSelf, 'pvid', 'untagged')]),
            ],
          },
        ],
        evidence: ends.map((one) =>
          fromState(
            membershipsOf(scene.vlans, one.dev),
            ['bridge', 'vlan', 'show', 'dev', one.dev],
            `host/${one.dev}`,
          ),
        ),
      };
    }),
});
