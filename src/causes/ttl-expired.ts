import { deletion } from '../fixes/rule.ts';
import { sparing } from '../fixes/spare.ts';
import { confirmed, refuted } from '../kernel/drops.ts';
import { netnsOf } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import { isHostAddress, type Scene, seen } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';

const EXPIRED = /time.*exceeded|ttl|hop limit/i;
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

export default cause({
  id: 'ttl-expired',
  title: 'The time to live runs out on this host',
  explain: `Each router takes one from a packet's time to live (hop limit in IPv6) and throws it away at zero, with "time exceeded"
to its sender. It runs out on this host when the sender starts with 1, when a firewall rule sets a small value, or when
packets go round in a loop.

Providers and phones set the value to keep others from sharing a line; a container with net.ipv4.ip_default_ttl=1 reaches
its neighbours only. \`ip route get\` for each direction shows a loop.`,
  needs: ['ruleHits'],
  ofData: true,
  over: ['firewall-rule-drop', 'no-reply-from-destination'],
  examine(scene) {
    const { symptom, path, place } = scene;
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
