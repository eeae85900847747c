import { withoutRoute, withoutRule } from '../fixes/route.ts';
import { refuted } from '../kernel/drops.ts';
import { decide, ip, leadsUser, routeName, ruleTitle } from '../kernel/routing.ts';
import { asksRoutes, fromAnyView, netnsOf, sender, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { fromStateIn } from '../words/telling.ts';
import { capital } from '../words/text.ts';

const REFUSED = /^(IP_\w+|ip_error|ip6_pkt_\w+|ip6_blackhole\w*|dst_discard\w*|dst_blackhole\w*)$/;

export default cause({
  id: 'container-route-rejects',
  title: 'A route or rule inside the container rejects the destination',
  explain: `A blackhole, unreachable or prohibit route covers the destination inside the container, or a routing rule with such
an action selects the packet. The container's own kernel refuses: "Invalid argument", "No route to host" or
"Permission denied" at once, and nothing is sent.

VPN clients set such routes as a kill switch, and leave them behind when they crash. \`ip route show table all\` and
\`ip rule\` inside the container show them.`,
  needs: [],
  over: [
    'send-refused',
    'container-no-route',
    'container-permission',
    'container-wrong-gateway',
    'network-internal',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const from = sender(scene);
      if (!from || from.side === 'host' || scene.place === null || refuted(scene, REFUSED)) return null;
      const isReply = scene.place.direction === 'reply';
      if (scene.place.index !== (isReply ? scene.path.hops.length : 0)) return null;
      const { family } = scene.flow;
      const found = decide(from.stack, { ...asksRoutes(from), source: from.source });
      if (found.kind !== 'rejected') return null;
      const { refusal } = scene.path.sourceRoute;
      const netns = netnsOf(scene, from.side);
      const name = found.route ? routeName(found.route) : ruleTitle(found.rule);
      return {
        sure: !isReply && (refusal !== null || scene.symptom.kind === 'not-sent') ? 'proved' : 'supported',
        what: `${name} of ${sideName(from.side)} rejects it`,
        why: `${found.route ? leadsUser(found.rule, from.selects.uid) : ''}${capital(name)} takes ${from.destination}, and its kernel refuses to send${refusal && !isReply ? `: "${refusal}"` : ''}.`,
        do: 'Remove it where it was set, if it was not meant for this destination.',
        fixes: [found.route ? withoutRoute(found.route, netns) : withoutRule(found.rule, netns)],
        evidence: [
          fromStateIn(
            netns,
            name,
            found.route
              ? [...ip(family), 'route', 'show', 'table', found.route.table]
              : [...ip(family), 'rule', 'show'],
          ),
        ],
      };
    }),
});
