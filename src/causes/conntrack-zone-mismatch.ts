import { listing } from '../fixes/rule.ts';
import { forOriginalOnly } from '../fixes/zone.ts';
import { AT_SOCKET, NETFILTER } from '../kernel/drops.ts';
import { enteringPacket, entrance } from '../kernel/packet-of.ts';
import type { Packet } from '../kernel/rule-clauses.ts';
import { entriesOf } from '../kernel/tracked.ts';
import { isFound, type Zone, zoneFor, zoneOfEntry } from '../kernel/zones.ts';
import { cause } from '../model/cause.ts';
import type { Conntrack, Firewall } from '../model/facts.ts';
import { carrier } from '../model/flow.ts';
import { isHostAddress, type Scene, seen } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';

type Seen = Scene & { readonly conntrack: Conntrack; readonly firewall: Firewall };

/** The answer as the host looks it up: by the interface it came into the host by, or as a program of the host sends it. */
function answerOf(scene: Scene): { packet: Packet; own: boolean } | null {
  const { path, place, flow } = scene;
  const own = path.ending === 'host';
  const first = path.hops.findLast((hop) => hop.where === 'host' && seen(scene, hop.id, 'reply').length > 0);
  const hop = own ? place?.after : first;
  const reply = hop ? seen(scene, hop.id, 'reply')[0] : undefined;
  if (!own && !reply) return null;
  return {
    own,
    packet: {
      source: reply?.source ?? flow.address,
      destination: reply?.destination ?? path.sourceAddress ?? '',
      in: own ? null : (hop?.link.master ?? hop?.name ?? null),
      out: own ? (place?.before?.name ?? null) : null,
      proto: carrier(flow),
      sourcePort: reply?.sourcePort ?? flow.port,
      destinationPort: reply?.destinationPort ?? null,
      isLocal: (address) => isHostAddress(scene, address),
    },
  };
}

interface Mismatch {
  readonly request: Zone;
  readonly answer: Zone;
  /** By what interface the answer came, or that this host sent it. */
  readonly by: string;
}

function mismatch(scene: Seen): Mismatch | null {
  const answer = answerOf(scene);
  if (answer === null) return null;
  const rules = scene.firewall.host;
  const hook = scene.flow.from === 'host' ? 'output' : 'prerouting';
  const begun = zoneFor(rules, enteringPacket(scene, entrance(scene)), hook);
  const came = zoneFor(rules, answer.packet, answer.own ? 'output' : 'prerouting');
  if (begun === null || came === null || isFound(begun, came)) return null;
  const by = answer.own ? 'what this host answers' : `what comes in by ${answer.packet.in}`;
  return { request: begun, answer: came, by };
}

/** Rules that, with less said, would let the answer be found. */
const fixesOf = ({ request, answer }: Mismatch) => [
  ...(isFound({ ...request, way: 'original' }, answer) ? forOriginalOnly(request) : []),
  ...(isFound(request, { ...answer, way: 'original' }) ? forOriginalOnly(answer) : []),
];

const named = ({ id, rule }: Zone): string =>
  rule === null ? 'no rule names a zone: zone 0' : `${ruleName(rule)} names zone ${id} (${rule.text})`;

export default cause({
  id: 'conntrack-zone-mismatch',
  title: 'Answers are looked for in another conntrack zone than their connection is kept in',
  explain: `Connection tracking can be split into zones, so that two networks may use the same addresses. A rule puts packets into a
zone before they are looked up (nft: \`ct zone set 3\`, iptables: \`-j CT --zone 3\`); a packet that no rule names is in zone 0.
What is kept in one zone is not found in another: an answer that comes in by another interface, and meets no such rule, belongs
to no connection that the kernel knows of. Its addresses are not translated back, and a firewall that lets established
connections pass takes it for something new.

It comes about when a rule is written for packets of one interface, and the answers of a masqueraded flow come in by another;
when a rule matches more than it was meant for; and with two programs that both use zones.

By hand: \`conntrack -L\` shows \`zone=3\` and [UNREPLIED]; \`nft list ruleset | grep zone\`, \`iptables -t raw -S | grep zone\`.`,
  needs: ['conntrack', 'firewall'],
  explains: new RegExp(`${NETFILTER.source}|${AT_SOCKET.source}`),
  over: [
    'firewall-rule-drop',
    'forward-policy-drop',
    'input-rule-drop',
    'firewalld-rejects',
    'network-isolation',
    'direct-routing-blocked',
    'conntrack-invalid-drop',
    'conntrack-stale',
    'masquerade-missing',
    'reply-route-diverted',
    'no-return-route',
    'no-reply-from-destination',
    'reply-source-wrong',
  ],
  examine(scene) {
    if (scene.place?.direction !== 'reply' || scene.symptom.kind === 'answered') return null;
    const found = mismatch(scene);
    if (!found) return null;
    const { request, answer, by } = found;
    const rule = request.rule ?? answer.rule;
    const kept = entriesOf(scene).find(
      (entry) => entry.flags.includes('UNREPLIED') && zoneOfEntry(entry) === request.id,
    );
    return {
      sure: kept ? 'proved' : 'supported',
      what: `the connection is kept in conntrack zone ${request.id}, and ${by} is looked for in zone ${answer.id}`,
      why: `For the request ${named(request)}; for the answer ${named(answer)}. What is kept in one zone is not found in another: the answer belongs to no known connection, and is not translated back.${kept ? ` The entry still waits for it: ${kept.text}.` : ''}`,
      do: 'Name the same zone for both directions, or the zone of the original direction alone (nft: ct original zone set; iptables: CT --zone-orig), or let the rule match only what it is meant for. Entries made so far stay where they are until they expire (conntrack -D -w ZONE).',
      owner: rule?.owner ?? null,
      ...(rule ? { rule } : {}),
      fixes: fixesOf(found),
      evidence: [request, answer].flatMap(({ rule }) => (rule ? [fromState(rule.text, listing(rule))] : [])),
    };
  },
});
