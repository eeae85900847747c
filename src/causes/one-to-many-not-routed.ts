import { setSysctls } from '../fixes/sysctl.ts';
import { confirmed, NETFILTER } from '../kernel/drops.ts';
import { broadcastLink, isRoutedGroup } from '../kernel/one-to-many.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Multicast, Sysctls } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { type Link, linkNamed } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';
import { list } from '../words/text.ts';

type Seen = Scene & { readonly sysctls: Sysctls; readonly multicast: Multicast };

/** The interface by which the request enters the host's routing. */
const entrance = ({ path, place }: Scene): string | null =>
  place?.after?.where === 'host'
    ? place.after.name
    : (path.hops.find((hop) => hop.where === 'host' && hop.link.master === null)?.name ?? null);

/** IN_DEV_BFORWARD asks both, all and the interface the packet comes in by: include/linux/inetdevice.h, kernel 5.0. */
function broadcast(scene: Seen): Claim | null {
  const { address } = scene.flow;
  const far = broadcastLink(scene.stacks.host, address);
  const near = entrance(scene);
  if (!far || near === null || far.name === near) return null;
  const keys = ['all', near].map((dev) => `net.ipv4.conf.${dev}.bc_forwarding`);
  const off = keys.flatMap((key) => {
    const before = scene.sysctls.host[key];
    return before === undefined || before === '1' ? [] : [{ key, value: '1', before }];
  });
  const [first, ...others] = off;
  if (!first) return null;
  return {
    sure: 'proved',
    what: `${address} is the broadcast address of the network of ${far.name}, and this host does not carry broadcasts from one network into another`,
    why: `A packet for ${address} that comes in by ${near} is for everybody in the network of ${far.name}: this host takes it itself and passes it on only where bc_forwarding is on, for all and for ${near}. ${off.map(({ key }) => `${key} is 0`).join(', ')}.`,
    do: `Send it from inside that network (a container with host networking, macvlan, or a relay), ask each machine by its own address, or let this host carry broadcasts on.`,
    fixes: [
      setSysctls([first, ...others], null, {
        title: `Carry broadcasts that come in by ${near} on into other networks`,
        risk: 'disruptive',
        affects: `everybody behind ${near} can then send to all machines of a network at once`,
      }),
    ],
    evidence: off.map(({ key }) => fromState(`${key} = 0`, ['sysctl', key])),
  };
}

function group(scene: Seen): Claim | null {
  const { address } = scene.flow;
  const { routes, joined } = scene.multicast;
  const near = entrance(scene);
  if (!isRoutedGroup(address) || routes.some((one) => one.group === address) || near === null) return null;
  const segment = bridgeOf(scene);
  const own = scene.path.hops.find(({ link }) => link.master === segment?.name)?.name;
  // On its own segment those who have joined get it from the bridge, whoever routes.
  if (joined.some(({ dev, bridge }) => bridge === segment?.name && dev !== own)) return null;
  const nobody =
    segment?.bridge?.mcastSnooping && joined.length === 0
      ? ` Nobody on ${segment.name} has joined it either.`
      : '';
  const programs = joined.filter(({ bridge }) => bridge === null);
  const here =
    programs.length > 0
      ? ` A program of this host has joined it on ${list(programs.map(({ dev }) => dev))}, and hears what comes in there alone.`
      : '';
  return {
    sure: 'supported',
    what: `${address} is a multicast group, and this host routes no multicast for it`,
    why: `Multicast is not routed like other packets: a program (a multicast router) has to tell the kernel which groups go from ${near} where, and none has done so for ${address}.${nobody}${here}`,
    do: 'Run a multicast router on this host (smcroute, pimd, igmpproxy), or give the container the network itself (macvlan, host networking).',
    evidence: [
      fromState(`no multicast route for ${address}`, ['ip', 'mroute', 'show']),
      ...joined.map(({ dev, bridge }) =>
        fromState(`${dev}${bridge ? `, a port of ${bridge},` : ''} has joined ${address}`, [
          ...(bridge ? ['bridge', 'mdb', 'show', 'dev', bridge] : ['ip', 'maddr', 'show', 'dev', dev]),
        ]),
      ),
    ],
  };
}

/** The bridge of the host by which the request enters it. */
function bridgeOf({ path, stacks }: Scene): Link | undefined {
  const name = path.hops.find(({ where, link }) => where === 'host' && link.master !== null)?.link.master;
  return linkNamed(stacks.host, name ?? null);
}

export default cause({
  id: 'one-to-many-not-routed',
  title: 'A broadcast or multicast ends at the host, which does not route it',
  explain: `The destination stands for many: the broadcast address of another network (Wake-on-LAN, discovery), or a multicast
group (mDNS, SSDP, IPTV). Routers do not carry these on by themselves, and for a container behind a bridge this host is
the router: the packet ends here, as it was made to.

A directed broadcast is carried on where \`bc_forwarding\` is on, for all and for the interface it comes in by; multicast
where a multicast router runs (\`ip mroute show\`). A container in the network itself, by macvlan or host networking, needs
neither.`,
  needs: ['sysctls', 'multicast'],
  over: [
    'no-reply-from-destination',
    'destination-is-local',
    'connection-refused',
    'host-no-route',
    'host-route-rejects',
    'neighbour-absent',
    'neighbour-unanswered',
    'ip-forward-off',
    'port-not-published',
  ],
  examine(scene) {
    const { flow, place, symptom, path } = scene;
    if (flow.from === 'host' || flow.from === 'outside' || place?.direction !== 'request') return null;
    if ((symptom.kind !== 'lost' && symptom.kind !== 'error') || path.stages.includes('bridge')) return null;
    // What a rule has ended would not have been carried on either way: the rule comes first.
    if (confirmed(scene, NETFILTER)) return null;
    return broadcast(scene) ?? group(scene);
  },
});
