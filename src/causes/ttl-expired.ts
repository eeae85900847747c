import { deletion } from '../fixes/rule.ts';
import { sparing } from '../fixes/spare.ts';
import { confirmed, refuted } from '../kernel/drops.ts';
import { EXPIRED, goingRound, type Round } from '../kernel/going-round.ts';
import { netnsOf } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import { isHostAddress, type Scene, seen } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';

const DROPPED = /^(IP_INHDR|ip_forward|ip6_forward)$/;
const SETS = /--(ttl|hl)-(set|dec)|\bttl set\b|hoplimit set\b/;

/** Answers that reach this host and no container behind it: each router takes one. */
function startsWithTooLittle(scene: Scene): Claim {
  const hop = scene.place?.after;
  const frame = hop && seen(scene, hop.id, 'reply')[0];
  const { address } = scene.flow;
  return {
    sure: confirmed(scene, DROPPED) ? 'proved' : 'supported',
    what: `the answers come with a time to live of ${frame?.ttl}, which this host uses up`,
    why: `Each answer of ${address} was seen once on ${hop?.name} with nothing left for another router. That is enough for this host itself, and not for a container behind it: the sender starts with 1 on purpose, or it is a router too far away.`,
    do: `Let ${address} answer with a larger time to live (a cloud's metadata service: raise its hop limit to 2), or ask from the host's own network (network mode host).`,
    evidence: [
      fromState(
        `time to live ${frame?.ttl} on ${hop?.name}`,
        ['tcpdump', '-vni', hop?.name ?? 'any', 'src', address],
        hop?.id ?? null,
      ),
    ],
  };
}

/** Each of the two holds the other for the way to it. */
function goesRound({ flow, symptom, path }: Scene, round: Round): Claim {
  const { device, times, first, least, gateway, mac, isGateway } = round;
  const { address } = flow;
  const via = gateway === null ? `out of ${device}` : `to ${gateway} on ${device}`;
  const router =
    isGateway === false || gateway === null ? `the router behind ${device}` : `the router ${gateway}`;
  const sentBack = `${router}${mac === null ? '' : ` (${mac})`}`;
  const route = path.hostRoute ?? path.sourceRoute;
  return {
    sure: 'proved',
    what: `requests go round between this host and ${router} until their time to live runs out`,
    why: `This host has nothing that takes ${address} in, and its route sends it ${via}; ${sentBack} has a route for ${address} that leads back here. One and the same request was seen to come back in by ${device} ${times} times, with a time to live falling from ${first} to ${least}${symptom.from === null ? '' : `, and ${symptom.from} says "${symptom.says}"`}.`,
    do: `If ${address} is to be served here, bring back what takes it (the rule of the service, a local address, a route to who has it). Else take the route to this host out of that router, or what announces it there (BGP, OSPF). An unreachable route on this host for what it is given and does not serve turns such requests away at once.`,
    evidence: [
      ...(route ? [fromState(`${address} goes ${via}`, route.argv, round.hop)] : []),
      fromState(
        `the request came back in by ${device} ${times} times`,
        ['tcpdump', '-envi', device, 'host', address],
        round.hop,
      ),
    ],
  };
}

export default cause({
  id: 'ttl-expired',
  title: 'The time to live runs out on this host',
  explain: `Each router takes one from a packet's time to live (hop limit in IPv6) and throws it away at zero, with "time exceeded"
to its sender. It runs out on this host when the sender starts with 1, when a firewall rule sets a small value, or when
packets go round in a loop: a router leads a range of addresses to this host (a static route, BGP of Calico or MetalLB), and
where nothing here takes one of them this host's default route sends it back to that router.

Providers and phones set the value to keep others from sharing a line; a container with net.ipv4.ip_default_ttl=1 reaches
its neighbours only. \`ip route get\` for each direction shows a loop.`,
  needs: ['ruleHits'],
  ofData: true,
  over: ['firewall-rule-drop', 'no-reply-from-destination'],
  examine(scene) {
    const { symptom, path, place } = scene;
    const round = goingRound(scene);
    if (round) return goesRound(scene, round);
    const told =
      symptom.kind === 'error' &&
      EXPIRED.test(symptom.says ?? '') &&
      symptom.from !== null &&
      isHostAddress(scene, symptom.from);
    const dropped = place?.stage === 'forward' && !refuted(scene, DROPPED);
    const met = scene.ruleHits.find((hit) => SETS.test(hit.rule.text));
    const rule = met?.rule;
    const after = place?.after && seen(scene, place.after.id, place.direction)[0];
    const first = path.hops[0] && seen(scene, path.hops[0].id, 'request')[0];
    const spent = after?.ttl != null && after.ttl <= 1;
    if (!told && !(dropped && (spent || rule !== undefined))) return null;
    const starts = first?.ttl != null && first.ttl <= 1 ? first.ttl : null;
    // Round and round it would be seen more than once.
    const passes = place?.after ? seen(scene, place.after.id, place.direction) : [];
    const isOnce = passes.length === new Set(passes.map((one) => one.probe)).size;
    if (spent && !rule && place?.direction === 'reply' && isOnce) return startsWithTooLittle(scene);
    const byContainer = starts !== null && path.hops[0]?.where === 'container' && scene.flow.family === 4;
    const key = 'net.ipv4.ip_default_ttl';
    const netns = netnsOf(scene, 'container');
    const fixes: Fix[] = met
      ? [...sparing(scene, met, [], null), ...deletion(met.rule, null)]
      : byContainer
        ? [
            {
              title: 'Start with a time to live of 64',
              risk: 'safe',
              lasts: 'until the container restarts',
              apply: [run(['sysctl', '-w', `${key}=64`], netns)],
              undo: [run(['sysctl', '-w', `${key}=${starts}`], netns)],
            },
          ]
        : [];
    return {
      sure: told ? 'proved' : 'supported',
      what: 'the time to live runs out on this host',
      why: rule
        ? `${ruleName(rule)} sets it: ${rule.text}.`
        : starts !== null
          ? `The packets start with a time to live of ${starts}, which the first router uses up.`
          : `This host says "time exceeded"${told ? ` (from ${symptom.from})` : ''}: the packets come round again, or arrive with nothing left.`,
      do: rule
        ? 'Remove the rule, or let it set a larger value.'
        : starts !== null
          ? 'Send with the usual 64.'
          : 'Look for a loop of routes.',
      owner: rule?.owner ?? null,
      fixes,
      evidence: told
        ? [
            fromState(
              `${symptom.from}: ${symptom.says}`,
              ['ip', 'addr', 'show', 'to', symptom.from ?? ''],
              symptom.bornAt,
            ),
          ]
        : [
            fromState(
              `time to live ${after?.ttl ?? 'changed by a rule'}`,
              ['ip', 'route'],
              place?.after?.id ?? null,
            ),
          ],
    };
  },
});
