import { attachments } from '../kernel/attachment.ts';
import { crossing } from '../kernel/crossing.ts';
import { BRIDGE, OTHERHOST, refuted } from '../kernel/drops.ts';
import { isUnresolved, nextHop } from '../kernel/next-hop.ts';
import { fromAnyView, outgoing, travel } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { FdbEntry } from '../model/facts.ts';
import { run } from '../model/fix.ts';
import { type Scene, seen } from '../model/scene.ts';
import type { Link } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

/** The port behind which the receiver of a frame lives, and its MAC address. */
interface Receiver {
  readonly mac: string;
  readonly dev: string;
  readonly bridge: Link;
}

/** Who should get the lost packets, where they cross a bridge. */
function receiver(scene: Scene): Receiver | undefined {
  const way = crossing(scene);
  if (!way) return undefined;
  const { bridge, leave } = way;
  if (!leave) return bridge.mac ? { mac: bridge.mac, dev: bridge.name, bridge } : undefined;
  const mac = attachments(scene).find(({ port }) => port?.name === leave.name)?.link.mac;
  return mac ? { mac, dev: leave.name, bridge } : undefined;
}

/** Who asks for its next hop's address and hears nothing: the answer crosses the bridge the other way. */
function asker(scene: Scene): Receiver | undefined {
  const segment = outgoing(scene);
  const hop = nextHop(scene, segment);
  if (!hop || !isUnresolved(scene, hop)) return undefined;
  const at = attachments(scene).find(({ id }) => id === segment?.hops[0]?.id);
  return at?.link.mac && at.port && at.bridge
    ? { mac: at.link.mac, dev: at.port.name, bridge: at.bridge }
    : undefined;
}

/** An entry for the receiver behind another port than its own, where none names its own. */
function misplaced(
  scene: Scene & { readonly fdb: readonly FdbEntry[] },
  { mac, dev, bridge }: Receiver,
): FdbEntry | undefined {
  const entries = scene.fdb.filter(
    (one) => one.mac === mac && (one.master === bridge.name || one.dev === bridge.name),
  );
  // A bridge takes the MAC address of one of its ports: that port's own entry leads to the bridge itself.
  const own = (one: FdbEntry): boolean => dev === bridge.name && one.state === 'permanent';
  const wrong = entries.find((one) => one.dev !== dev && one.dev !== bridge.name && !own(one));
  return entries.some((one) => one.dev === dev) ? undefined : wrong;
}

export default cause({
  id: 'bridge-fdb-wrong',
  title: 'The bridge sends the frame to the wrong port',
  explain: `A bridge remembers behind which port each MAC address lives. An entry that names the wrong port, set by hand or by a
network plug-in and never aged, sends all frames for that address there, and the right one gets nothing.

\`bridge fdb show br BRIDGE\` lists the entries; look for the receiver's MAC address, and for "static" or "extern_learn".`,
  needs: ['fdb'],
  over: ['neighbour-unanswered', 'neighbour-absent', 'bridge-port-isolated'],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      if (refuted(scene, new RegExp(`${BRIDGE.source}|${OTHERHOST.source}`))) return null;
      const found = [receiver(scene), asker(scene)]
        .flatMap((to) => (to ? [{ to, wrong: misplaced(scene, to) }] : []))
        .find(({ wrong }) => wrong);
      if (!found?.wrong) return null;
      const { to, wrong } = found;
      const last = travel(scene)?.hops[(travel(scene)?.at ?? 0) - 1];
      const frame = last && scene.place ? seen(scene, last.id, scene.place.direction)[0] : undefined;
      const isStatic = wrong.flags.includes('static') || wrong.state === 'static';
      const isFixed = isStatic || wrong.state === 'permanent' || wrong.flags.includes('extern_learn');
      const kind = wrong.state === 'permanent' ? ['permanent'] : isStatic ? ['static'] : ['dynamic'];
      const flags = wrong.flags.filter((flag) => flag === 'sticky' || flag === 'extern_learn');
      const vlan = wrong.vlan === null ? [] : ['vlan', String(wrong.vlan)];
      const words = [wrong.mac, 'dev', wrong.dev, 'master', ...vlan];
      return {
        sure: frame?.destinationMac === to.mac ? 'proved' : 'supported',
        what: `${to.bridge.name} sends frames for ${to.mac} to ${wrong.dev} instead of ${to.dev}`,
        why: `The forwarding table of ${to.bridge.name} has ${isFixed ? 'a fixed' : 'an'} entry that puts ${to.mac} behind ${wrong.dev}; it lives behind ${to.dev}.`,
        do: 'Delete the entry; the bridge learns the right one from the next frame.',
        fixes: [
          {
            title: `Delete the entry of ${wrong.mac} on ${wrong.dev}`,
            risk: 'safe',
            lasts: 'until something sets it again',
            apply: [run(['bridge', 'fdb', 'del', ...words])],
            undo: [run(['bridge', 'fdb', 'replace', ...words, ...kind, ...flags])],
          },
        ],
        evidence: [
          fromState(
            `${wrong.mac} is behind ${wrong.dev}`,
            ['bridge', 'fdb', 'show', 'br', to.bridge.name],
            `host/${wrong.dev}`,
          ),
        ],
      };
    }),
});
