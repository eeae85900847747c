import { around, mainFirst, withoutRoute, withoutRule } from '../fixes/route.ts';
import { confirmed, NO_ROUTE, refuted } from '../kernel/drops.ts';
import { type Forwarding, forwarding, markedWays, wayOut } from '../kernel/forwarding.ts';
import { ip, routeName, ruleTitle } from '../kernel/routing.ts';
import { fromAnyView } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { Fix } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import type { Route, RoutingRule } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';
import { capital } from '../words/text.ts';

const REFUSED = /^(ip_error|ip6_pkt_\w+|dst_discard\w*|dst_blackhole\w*)$/;
const DROPPED = new RegExp(
  `${NO_ROUTE.source}|^(ip_error|ip6_pkt_\\w+|ip6_blackhole\\w*|dst_discard\\w*|dst_blackhole\\w*)$`,
);

interface Rejection {
  readonly route: Route | null;
  readonly rule: RoutingRule;
  readonly marked: boolean;
}

/** What the tables refuse outright; or, where the kernel refused what they let pass, what they refuse to a marked packet. */
function rejected(scene: Scene, way: Forwarding): Rejection | undefined {
  if (way.found.kind === 'rejected') return { ...way.found, marked: false };
  if (way.found.kind !== 'route' || !confirmed(scene, REFUSED)) return undefined;
  for (const { found } of markedWays(scene, way))
    if (found.kind === 'rejected') return { ...found, marked: true };
  return undefined;
}

/** Ways for this destination alone: what refuses it may be there to refuse others, as a kill switch does. */
function spared(scene: Scene, { destination }: Forwarding, { route, rule }: Rejection): Fix[] {
  const out = wayOut(scene);
  if (route?.table === 'main') return out ? around(route, destination, out) : [];
  const whole = scene.flow.family === 6 ? 128 : 32;
  return mainFirst(rule, `${destination}/${whole}`, null).map((fix) => ({ ...fix, risk: 'disruptive' }));
}

export default cause({
  id: 'host-route-rejects',
  title: 'A route or rule of the host rejects the destination',
  explain: `A blackhole, unreachable or prohibit route on the host covers the destination, or a routing rule with such an action
selects the packet. A blackhole drops in silence; the others tell the sender so.

They are set against leaks (VPN kill switches, routing daemons that announce a prefix, protection against attacks) and
stay behind. \`ip route show table all\` and \`ip rule\` list them; \`ip route get\` refuses.`,
  needs: [],
  over: ['host-no-route', 'reply-route-diverted', 'no-reply-from-destination', 'container-permission'],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const way = forwarding(scene);
      if (!way || refuted(scene, DROPPED)) return null;
      const rejection = rejected(scene, way);
      if (!rejection) return null;
      const { route, rule, marked } = rejection;
      const { family } = scene.flow;
      const name = route ? routeName(route) : ruleTitle(rule);
      const decided = scene.flow.from === 'host' ? scene.path.sourceRoute : scene.path.hostRoute;
      const refused = scene.place?.direction === 'request' && decided?.refusal != null;
      return {
        sure: !marked && (confirmed(scene, DROPPED) || refused) ? 'proved' : 'supported',
        what: `${name} of the host rejects it`,
        why: marked
          ? `The host's kernel refused to route it, although its unmarked way is open: a mark leads it by ${ruleTitle(rule)}${route ? ` to ${name}` : ''}.`
          : `${capital(name)} takes what goes to ${way.destination}, and the host's kernel does not pass it on.`,
        do: 'Remove it where it was set, if it was not meant for this traffic.',
        owner: route?.protocol && !/^(boot|kernel|static)$/.test(route.protocol) ? route.protocol : null,
        fixes: [
          ...(marked ? [] : spared(scene, way, rejection)),
          marked || !route ? withoutRule(rule, null) : withoutRoute(route, null),
        ],
        evidence: [
          fromState(
            name,
            route ? [...ip(family), 'route', 'show', 'table', route.table] : [...ip(family), 'rule', 'show'],
          ),
        ],
      };
    }),
});
