import { withRoute } from '../fixes/route.ts';
import { keepSysctls, type Setting, setSysctls } from '../fixes/sysctl.ts';
import { isContainerLink } from '../kernel/attachment.ts';
import { confirmed, refuted } from '../kernel/drops.ts';
import { forwarding } from '../kernel/forwarding.ts';
import { decide, ip, rulesOf } from '../kernel/routing.ts';
import { fromAnyView } from '../kernel/travel.ts';
import { tableFor, vrfOf } from '../kernel/vrf.ts';
import { cause } from '../model/cause.ts';
import type { Sysctls } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';

const DROPPED = /^(IP_INNOROUTES|ip6_pkt_discard\w*)$/;
const EXPECTED = new RegExp(`${DROPPED.source}|^ip_error$`);

/** The rules that look up tables main and default, where somebody took them away. */
function missingRules(scene: Scene): Fix[] {
  const { family } = scene.flow;
  const tables = rulesOf(scene.stacks.host, family).map((rule) => rule.table);
  const lost = (
    [
      [32766, 'main'],
      [32767, 'default'],
    ] as const
  ).filter(([, table]) => !tables.includes(table));
  if (!lost.some(([, table]) => table === 'main')) return [];
  // IPv6 starts without a rule for table default.
  const rules = lost.filter(([, table]) => family === 4 || table === 'main');
  const each = (verb: string) =>
    rules.map(([priority, table]) =>
      run([...ip(family), 'rule', verb, 'pref', `${priority}`, 'lookup', table]),
    );
  return [
    {
      title: 'Look up table main again',
      risk: 'safe',
      lasts: 'until reboot, or until the network is configured again',
      affects: 'the routing of the whole host',
      apply: each('add'),
      undo: each('del'),
    },
  ];
}

/** The one machine that the host knows beyond its one uplink. Whether it routes, the question asked again will tell. */
function knownRouter(scene: Scene, table: string): Fix[] {
  const { host } = scene.stacks;
  const { family } = scene.flow;
  const outer = host.links.filter(
    (link) => link.up && !isContainerLink(link) && link.addresses.some((one) => one.family === family),
  );
  const near = host.neighbours.filter(
    (one) =>
      outer.some((link) => link.name === one.dev) &&
      one.mac !== null &&
      one.address.includes(':') === (family === 6) &&
      !one.address.startsWith('fe80:'),
  );
  const [only] = near;
  if (near.length !== 1 || !only || tableFor(host, only.dev) !== table) return [];
  const way = ['default', 'via', only.address, 'dev', only.dev];
  return [
    withRoute(family, [...way, ...(table === 'main' ? [] : ['table', table])], null, {
      title: `Add a default route by ${only.address}, the only neighbour known on ${only.dev}`,
      risk: 'disruptive',
      affects: 'where the host sends everything it has no other route for',
    }),
  ];
}

/**
 * The outer interface whose router advertisements the kernel ignores: `accept_ra` 1 counts only where the interface does
 * not forward (ip-sysctl.rst), so that a default route learned that way runs out once containers need forwarding.
 */
function deaf(scene: Scene & { readonly sysctls: Sysctls }): Setting | undefined {
  const values = scene.sysctls.host;
  if (scene.flow.family !== 6) return undefined;
  return scene.stacks.host.links
    .filter((link) => link.up && !isContainerLink(link))
    .map(({ name }) => ({ name, key: `net.ipv6.conf.${name}.accept_ra` }))
    .filter(({ name, key }) => values[`net.ipv6.conf.${name}.forwarding`] === '1' && values[key] === '1')
    .map(({ key }): Setting => ({ key, value: '2', before: '1' }))[0];
}

function hearing(ignored: Setting | undefined): Fix[] {
  if (!ignored) return [];
  return [
    setSysctls([ignored], null, {
      title: `Take what routers advertise although this host forwards (${ignored.key} = 2)`,
      risk: 'safe',
      affects: 'the IPv6 routes and addresses of the whole host, from the next advertisement on',
      persist: keepSysctls([ignored]),
    }),
  ];
}

export default cause({
  id: 'host-no-route',
  title: 'The host has no route to the destination',
  explain: `The host that should forward the packet has no route for it, mostly because its default route is gone. It drops the
packet (reason IP_INNOROUTES) and tells the sender "network unreachable". Containers of one bridge still reach each other.

A network service that restarts removes routes and rules it does not know; IPv6 forwarding makes the kernel ignore router
advertisements unless accept_ra is 2. \`ip route get DESTINATION\` on the host shows it, and \`ip rule\` whether table main
is still looked up.`,
  needs: ['sysctls'],
  over: ['container-permission', 'no-reply-from-destination'],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const way = forwarding(scene);
      if (!way || refuted(scene, EXPECTED)) return null;
      const { family } = scene.flow;
      const found = decide(scene.stacks.host, {
        family,
        destination: way.destination,
        source: way.source,
        iif: way.iif,
      });
      if (found.kind !== 'none') return null;
      const rules = missingRules(scene);
      const ignored = deaf(scene);
      const table = tableFor(scene.stacks.host, way.iif);
      const vrf = vrfOf(scene.stacks.host, way.iif);
      const { refusal } =
        scene.flow.from === 'host' ? scene.path.sourceRoute : (scene.path.hostRoute ?? { refusal: null });
      return {
        sure: confirmed(scene, DROPPED) || refusal !== null ? 'proved' : 'supported',
        what: `the host has no route to ${way.destination}${vrf ? ` in the VRF ${vrf.name}` : ''}`,
        why:
          rules.length > 0
            ? `No rule of the host looks up table main any more, so that none of its routes counts for ${way.destination}.`
            : `${vrf ? `${way.iif} belongs to the VRF ${vrf.name}, and no route of its table ${table}` : 'No route of the host'} covers ${way.destination}.${ignored ? ` ${ignored.key} is 1 where forwarding is on: what a router advertises there is ignored.` : ''}`,
        do:
          rules.length > 0
            ? 'Put the rule for table main back.'
            : `Put the default route back, or a route that leads there${ignored ? '; where a router advertises it, set accept_ra to 2' : ''}.`,
        fixes: rules.length > 0 ? rules : [...knownRouter(scene, table), ...hearing(ignored)],
        evidence: [
          fromState(refusal ?? 'no route covers it', [...ip(family), 'route', 'get', way.destination]),
        ],
      };
    }),
});
