import { withRoute } from '../fixes/route.ts';
import { keepSysctls, type Setting, setSysctls } from '../fixes/sysctl.ts';
import { covering, isContainerLink } from '../kernel/attachment.ts';
import { confirmed, NO_ROUTE, refuted } from '../kernel/drops.ts';
import { type Forwarding, forwarding } from '../kernel/forwarding.ts';
import { subnetOf } from '../kernel/nat.ts';
import { decide, ip, routeWords, rulesOf } from '../kernel/routing.ts';
import { type ForOthers, forOthers, lackWords, notForWords } from '../kernel/source-specific.ts';
import { fromAnyView } from '../kernel/travel.ts';
import { tableFor, vrfOf } from '../kernel/vrf.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Sysctls } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';
import { capital } from '../words/text.ts';

const EXPECTED = new RegExp(`${NO_ROUTE.source}|^ip_error$`);

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

/** The network that the packets come from, as the interface knows it by which they came in; else their source alone. */
function sourcesOf(scene: Scene, { iif, source }: Forwarding): string | null {
  if (source === null) return null;
  const link = linkNamed(scene.stacks.host, iif);
  const own = link && covering(link, source);
  return own ? subnetOf(own.address, own.prefix) : `${source}/128`;
}

/** The same way out for these sources too. That it was made for others alone may be meant: that is for a person to say. */
function alike(scene: Scene, way: Forwarding, { route }: ForOthers): Fix[] {
  const from = sourcesOf(scene, way);
  if (from === null) return [];
  const words = routeWords({ ...route, from, source: null, protocol: 'boot', flags: [] });
  return [
    withRoute(route.family, words, null, {
      title: `Lead packets from ${from} the same way`,
      risk: 'disruptive',
      affects: `where the host sends what comes from ${from} and has no other route`,
    }),
  ];
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

/** As the kernel answered when it was asked for the way. */
const refusalOf = ({ flow, path }: Scene): string | null =>
  (flow.from === 'host' ? path.sourceRoute : path.hostRoute)?.refusal ?? null;

/** The way out is there, and for other sources alone. */
function sourceClaim(scene: Scene, way: Forwarding, others: ForOthers): Claim {
  const { family } = scene.flow;
  const refusal = refusalOf(scene);
  const [first] = others.sources;
  const plain = others.route.destination === '::/0' ? ', or a default route that is for all sources,' : '';
  return {
    sure: confirmed(scene, NO_ROUTE) || refusal !== null ? 'proved' : 'supported',
    what: `the host has ${lackWords(way.packet, others)}`,
    why: `${capital(notForWords(others, way.source))}.`,
    do: `Add a route for these sources${plain} beside it, or give the sender an address of ${first}. Masquerading comes after the choice of the route, and does not help without one.`,
    fixes: alike(scene, way, others),
    evidence: [fromState(refusal ?? `it is for ${first} only`, [...ip(family), 'route', 'show'])],
  };
}

export default cause({
  id: 'host-no-route',
  title: 'The host has no route to the destination',
  explain: `The host that should forward the packet has no route for it, mostly because its default route is gone. It drops the
packet (reason IP_INNOROUTES) and tells the sender "network unreachable". Containers of one bridge still reach each other.

A network service that restarts removes routes and rules it does not know; IPv6 forwarding makes the kernel ignore router
advertisements unless accept_ra is 2. \`ip route get DESTINATION\` on the host shows it, and \`ip rule\` whether table main
is still looked up. An IPv6 route may be for some sources only (\`default from PREFIX\`, as OpenWrt makes it of a delegated prefix):
then everybody else has none.`,
  needs: ['sysctls'],
  over: ['container-permission', 'no-reply-from-destination'],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const way = forwarding(scene);
      if (!way || refuted(scene, EXPECTED)) return null;
      const { family } = scene.flow;
      const { source, iif } = way;
      const packet = { family, destination: way.destination, source, iif };
      if (decide(scene.stacks.host, packet).kind !== 'none') return null;
      const others = forOthers(scene.stacks.host, packet);
      if (others) return sourceClaim(scene, way, others);
      const rules = missingRules(scene);
      const ignored = deaf(scene);
      const table = tableFor(scene.stacks.host, way.iif);
      const vrf = vrfOf(scene.stacks.host, way.iif);
      const refusal = refusalOf(scene);
      return {
        sure: confirmed(scene, NO_ROUTE) || refusal !== null ? 'proved' : 'supported',
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
