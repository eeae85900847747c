import { type Attachment, attachments } from '../kernel/attachment.ts';
import { confirmed, NETFILTER } from '../kernel/drops.ts';
import { fromAnyView, isNear, sideName } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Member } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import { seen } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';

const nameOf = (member: Member): string =>
  member.namespace ? `${member.name} of ${member.namespace}` : member.name;

/**
 * A sticky entry does not follow whoever sends next (bridge(8), Linux 5.0). Who of the two should have the address only
 * a person knows: this makes the one that was asked about reachable.
 */
function pin(at: Attachment, mac: string): Fix[] {
  if (at.side !== 'container' || !at.port || at.bridge?.mac === mac) return [];
  const entry = [mac, 'dev', at.port.name, 'master'];
  return [
    {
      title: `Let ${at.bridge?.name} send ${mac} to ${at.port.name} alone`,
      risk: 'disruptive',
      lasts: 'until the container restarts',
      affects: `the other one that has ${mac} gets no frames from the bridge`,
      apply: [run(['bridge', 'fdb', 'replace', ...entry, 'static', 'sticky'])],
      undo: [run(['bridge', 'fdb', 'del', ...entry])],
    },
  ];
}

const isTwin = (one: Member, mac: string, at: Attachment): boolean =>
  one.mac === mac && one.port !== null && one.port !== at.port?.name;

const said = (at: Attachment, twin: Member, mac: string, bridge: string): Claim => ({
  sure: 'supported',
  what: `${at.link.name} of ${sideName(at.side)} and ${nameOf(twin)} have the same MAC address, ${mac}`,
  why: `Both are on ${bridge}, which sends frames for ${mac} to whichever of them was heard last.`,
  do: 'Give one of them another MAC address, where it was set.',
  evidence: [
    fromState(`${nameOf(twin)} has ${mac} too`, ['bridge', 'fdb', 'show', 'br', bridge], `host/${bridge}`),
  ],
});

export default cause({
  id: 'mac-conflict',
  title: 'Two interfaces of the segment have the same MAC address',
  explain: `A bridge finds a receiver by its MAC address. Where two interfaces of one bridge have the same, its table follows
whoever sent last, and frames for the one arrive at the other, which throws them away. It works now and then, and stops
when the other one speaks.

Cloned virtual machines, restored containers and MAC addresses set by hand are the usual reasons. \`bridge monitor fdb\`
shows the entry jumping between ports.`,
  needs: ['members'],
  over: [
    'neighbour-stale',
    'bridge-fdb-wrong',
    'neighbour-unanswered',
    'neighbour-absent',
    'no-reply-from-destination',
    'bridge-port-isolated',
    'reply-route-diverted',
  ],
  warns(scene) {
    for (const at of attachments(scene)) {
      const { mac } = at.link;
      const twin = mac && at.port ? scene.members.find((one) => isTwin(one, mac, at)) : undefined;
      if (mac && twin && at.bridge) return said(at, twin, mac, at.bridge.name);
    }
    return null;
  },
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      if (scene.place === null || confirmed(scene, NETFILTER)) return null;
      for (const at of attachments(scene)) {
        const { mac } = at.link;
        if (!mac || !at.port || !at.bridge) continue;
        const bridgeId = `host/${at.bridge.name}`;
        if (![at.id, at.portId, bridgeId].some((id) => isNear(scene, id))) continue;
        const twin =
          scene.members.find((one) => one.mac === mac && one.port !== at.port?.name) ??
          (at.bridge.mac === mac
            ? { port: null, name: at.bridge.name, mac, addresses: [], namespace: null }
            : undefined);
        if (!twin) continue;
        const last = scene.place.after?.id;
        const frame = last ? seen(scene, last, scene.place.direction)[0] : undefined;
        return {
          ...said(at, twin, mac, at.bridge.name),
          sure: frame?.destinationMac === mac ? 'proved' : 'supported',
          fixes: pin(at, mac),
        };
      }
      return null;
    }),
});
