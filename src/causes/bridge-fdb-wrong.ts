import { attachments } from '../model/attachment.ts';
import { cause } from '../model/cause.ts';
import { crossing } from '../model/crossing.ts';
import { BRIDGE, OTHERHOST, refuted } from '../model/drops.ts';
import { run } from '../model/fix.ts';
import { type Scene, seen } from '../model/scene.ts';
import { fromState } from '../model/telling.ts';
import { fromAnyView, travel } from '../model/travel.ts';

/** The port behind which the receiver lives, and its MAC address. */
function receiver(scene: Scene): { mac: string; dev: string } | undefined {
  const way = crossing(scene);
  if (!way) return undefined;
  if (!way.leave) return way.bridge.mac ? { mac: way.bridge.mac, dev: way.bridge.name } : undefined;
  const mac = attachments(scene).find(({ port }) => port?.name === way.leave?.name)?.link.mac;
  return mac ? { mac, dev: way.leave.name } : undefined;
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
      const to = receiver(scene);
      const way = crossing(scene);
      if (!to || !way || refuted(scene, new RegExp(`${BRIDGE.source}|${OTHERHOST.source}`))) return null;
      const entries = scene.fdb.filter(
        (one) => one.mac === to.mac && (one.master === way.bridge.name || one.dev === way.bridge.name),
      );
      // A bridge takes the MAC address of one of its ports: that port's own entry leads to the bridge itself.
      const own = (one: (typeof entries)[number]): boolean => !way.leave && one.state === 'permanent';
      const wrong = entries.find((one) => one.dev !== to.dev && one.dev !== way.bridge.name && !own(one));
      if (!wrong || entries.some((one) => one.dev === to.dev)) return null;
      const last = travel(scene)?.hops[(travel(scene)?.at ?? 0) - 1];
      const frame = last && scene.place ? seen(scene, last.id, scene.place.direction)[0] : undefined;
      const isStatic = wrong.flags.includes('static') || wrong.state === 'static';
      const isFixed = isStatic || wrong.state === 'permanent' || wrong.flags.includes('extern_learn');
      const kind = wrong.state === 'permanent' ? ['permanent'] : isStatic ? ['static'] : ['dynamic'];
      const vlan = wrong.vlan === null ? [] : ['vlan', String(wrong.vlan)];
      const words = [wrong.mac, 'dev', wrong.dev, 'master', ...vlan];
      return {
        sure: frame?.destinationMac === to.mac ? 'proved' : 'supported',
        what: `${way.bridge.name} sends frames for ${to.mac} to ${wrong.dev} instead of ${to.dev}`,
        why: `The forwarding table of ${way.bridge.name} has ${isFixed ? 'a fixed' : 'an'} entry that puts ${to.mac} behind ${wrong.dev}; it lives behind ${to.dev}.`,
        do: 'Delete the entry; the bridge learns the right one from the next frame.',
        fixes: [
          {
            title: `Delete the entry of ${wrong.mac} on ${wrong.dev}`,
            risk: 'safe',
            lasts: 'until something sets it again',
            apply: [run(['bridge', 'fdb', 'del', ...words])],
            undo: [run(['bridge', 'fdb', 'replace', ...words, ...kind])],
          },
        ],
        evidence: [
          fromState(
            `${wrong.mac} is behind ${wrong.dev}`,
            ['bridge', 'fdb', 'show', 'br', way.bridge.name],
            `host/${wrong.dev}`,
          ),
        ],
      };
    }),
});
