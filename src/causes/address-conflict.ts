import { attachments } from '../kernel/attachment.ts';
import { NO_FILTER, refuted } from '../kernel/drops.ts';
import { answers } from '../kernel/next-hop.ts';
import { ip } from '../kernel/routing.ts';
import { passedOver } from '../kernel/source-choice.ts';
import { cause } from '../model/cause.ts';
import type { Member } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { linkHolding } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

interface Owner {
  readonly name: string;
  readonly mac: string | null;
}

/** Everybody on this flow's segments who holds the address: members of the bridge, the ends of the path, the host. */
function owners(scene: Scene & { members: readonly Member[] }, address: string): Owner[] {
  const ends = attachments(scene);
  const own = ends
    .filter(({ link }) => link.addresses.some((one) => one.address === address))
    .map(({ link, side }) => ({
      name: `${link.name} of ${side === 'container' ? scene.target.name : 'the other container'}`,
      mac: link.mac,
      port: ends.find((one) => one.link === link)?.port?.name ?? null,
    }));
  const others = scene.members
    .filter((one) => one.port !== null && !ends.some(({ port }) => port?.name === one.port))
    .filter((one) => one.addresses.some((held) => held.split('/')[0] === address))
    .map((one) => ({
      name: one.namespace ? `${one.name} of ${one.namespace}` : `${one.name} behind ${one.port}`,
      mac: one.mac,
    }));
  const host = linkHolding(scene.stacks.host, address);
  return [...own, ...others, ...(host ? [{ name: `${host.name} of the host`, mac: host.mac }] : [])];
}

/**
 * The one who was asked about is the target: the host can be told to send to it alone. Who of the two should have the
 * address only a person knows, so the other keeps it.
 */
function sendToTarget(scene: Scene, address: string): Fix[] {
  const at = attachments(scene).find(
    ({ link, side }) => side === 'container' && link.addresses.some((one) => one.address === address),
  );
  const isDestination = scene.flow.from === 'host' || scene.flow.from === 'outside';
  if (!isDestination || !at?.bridge || !at.link.mac || linkHolding(scene.stacks.host, address)) return [];
  const tool = [...ip(scene.flow.family), 'neigh'] as const;
  const key = [address, 'dev', at.bridge.name];
  const entry = scene.stacks.host.neighbours.find(
    (one) => one.address === address && one.dev === at.bridge?.name && !one.proxy,
  );
  // An entry that somebody fixed is another matter.
  if (entry?.state.some((state) => state === 'PERMANENT' || state === 'NOARP')) return [];
  return [
    {
      title: `Let this host send ${address} to ${scene.target.name} alone`,
      risk: 'disruptive',
      lasts: 'until reboot, or until the bridge is made anew',
      affects: `the other one that has ${address} is no longer reached from this host by it`,
      apply: [run([...tool, 'replace', ...key, 'lladdr', at.link.mac, 'nud', 'permanent'])],
      undo: [run([...tool, 'del', ...key])],
    },
  ];
}

/** The address that the sender lacks since duplicate address detection refused it. */
function refusedOne(scene: Scene): string | undefined {
  const better = passedOver(scene);
  return better?.because === 'dadfailed' ? better.own.address : undefined;
}

/** Addresses that this flow depends on. */
function involved(scene: Scene): string[] {
  const { path, flow } = scene;
  const gateway = path.sourceRoute.gateway;
  const all = [
    refusedOne(scene),
    path.sourceAddress,
    path.realDestination,
    flow.address,
    flow.from === 'container' ? gateway : null,
  ];
  return [...new Set(all.filter((one): one is string => one !== null && one !== undefined))];
}

export default cause({
  id: 'address-conflict',
  title: 'Two own the same IP address',
  explain: `Two containers, a container and the host, or a container and its gateway hold the same IP address. Whoever answers
ARP last gets the packets: the wrong service answers, or refuses, or it works half of the time.

An address that was set by hand, a namespace left over from a container that is gone, or a clone are the usual reasons.
\`arping -D -I BRIDGE ADDRESS\` shows two MAC addresses.`,
  needs: ['members'],
  over: [
    'neighbour-stale',
    'connection-refused',
    'no-reply-from-destination',
    'destination-is-local',
    'container-wrong-gateway',
    'neighbour-unanswered',
    'bridge-fdb-wrong',
    'reply-route-diverted',
    'container-firewall-drop',
    'container-address-invalid',
  ],
  examine(scene) {
    // Whoever holds the address asks himself: nothing is sent that a second owner could take.
    if (scene.path.sourceRoute.type === 'local') return null;
    if (scene.place === null && scene.symptom.kind === 'answered') return null;
    if (scene.target.hostNetwork) return null;
    // A refusal came from whoever has the address too, whose own filter ended the packet; any other end by one did not.
    if (scene.symptom.kind !== 'refused' && refuted(scene, NO_FILTER)) return null;
    for (const address of involved(scene)) {
      const held = owners(scene, address);
      if (held.length < 2) continue;
      const said = new Set(answers(scene, address).map((one) => one.says?.split(' is at ')[1]));
      const used = scene.sightings
        .filter((one) => one.kind === 'request' || one.kind === 'reply' || one.kind === 'refusal')
        .flatMap((one) =>
          one.destination === address ? [one.destinationMac] : one.source === address ? [one.sourceMac] : [],
        );
      const stranger = held.slice(1).some((one) => one.mac !== null && used.includes(one.mac));
      const names = held.map((one) => `${one.name}${one.mac ? ` (${one.mac})` : ''}`);
      const refused = address === refusedOne(scene);
      return {
        sure: said.size > 1 || stranger || refused ? 'proved' : 'supported',
        what: `${address} belongs to two: ${names.join(' and ')}`,
        why: refused
          ? `${names.join(' and ')} hold ${address}. Duplicate address detection refused it to the first (dadfailed), which therefore does not send with it, and its packets go to the other.`
          : `${names.join(' and ')} hold ${address}, and the packets of this flow go to whichever answered for it.`,
        do: `Take the address away from the one that should not have it${refused ? '; then add it anew to the one that was refused, so that the kernel tries again' : ''}.`,
        fixes: sendToTarget(scene, address),
        evidence: [
          fromState(`${address} is held by ${names.join(' and ')}`, ['ip', 'neigh', 'show', address]),
        ],
      };
    }
    return null;
  },
});
