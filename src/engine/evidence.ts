/** What was seen, as the document tells it: each thing with the command that shows it again. */

import { cameHome } from '../kernel/came-home.ts';
import { meaningInWords, meaningOf } from '../kernel/drop-reason.ts';
import { endings } from '../kernel/drops.ts';
import { ends } from '../kernel/rules.ts';
import { netnsOf } from '../kernel/travel.ts';
import type { Drop, Evidence } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import { commandLine } from '../model/netns.ts';
import type { Scene } from '../model/scene.ts';
import { isAnswer } from '../model/sighting.ts';
import { dropName, ruleName } from '../words/telling.ts';
import { count } from '../words/text.ts';
import type { Claimed } from './judge.ts';
import { unexplained } from './unexplained.ts';

/** Everything seen, in time; what the state says comes last. */
export function evidence(scene: Scene, hits: readonly RuleHit[], first: Claimed | undefined): Evidence[] {
  // What is told at the very moment of its effect comes before it.
  const timed = [...rules(hits), ...captures(scene), ...beside(scene), ...outside(scene), ...drops(scene)];
  const control: Evidence[] = scene.control?.asked
    ? [
        {
          witness: 'control',
          at: null,
          microseconds: null,
          says: scene.control.says,
          agrees: null,
          source: ['ping', '-c1', scene.flow.address],
        },
      ]
    : [];
  return [
    ...timed
      .sort((a, b) => (a.microseconds ?? 0) - (b.microseconds ?? 0))
      .map((one) => ({
        ...one,
        microseconds: one.microseconds === null ? null : Math.round(one.microseconds),
      })),
    ...control,
    ...(first ? (first.claim.evidence ?? []) : unexplained(scene, timed.length > 0)),
  ];
}

const NOUN = {
  request: (n: number) => count(n, 'request'),
  reply: (n: number) => (n === 1 ? '1 reply' : `${n} replies`),
  error: (n: number) => count(n, 'error'),
  refusal: (n: number) => count(n, 'refusal'),
  neighbour: (n: number) => count(n, 'neighbour message'),
} as const;

/** The first of each group, and how many there are. */
function grouped<T>(items: readonly T[], key: (item: T) => string): [T, number][] {
  const groups = new Map<string, [T, number]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group[1]++;
    else groups.set(key(item), [item, 1]);
  }
  return [...groups.values()];
}

/** One line a hop and kind: when it was first seen, how often, and with which addresses. */
function captures(scene: Scene): Evidence[] {
  const groups = grouped(scene.sightings, (one) => `${one.hop} ${one.kind} ${one.source} ${one.destination}`);
  return groups.map(([first, times]) => {
    const hop = scene.path.hops.find((one) => one.id === first.hop);
    const what = first.says ? `${first.kind}: ${first.says}` : NOUN[first.kind](times);
    return {
      witness: 'capture',
      at: first.hop,
      microseconds: first.at,
      says: `${what}, ${first.source} → ${first.destination}`,
      agrees: null,
      source: commandLine({
        argv: ['tcpdump', '-ni', hop?.name ?? 'any', 'host', scene.flow.address],
        ...(hop?.netns ? { in: hop.netns } : {}),
      }),
    };
  });
}

/** Answers that passed an interface which is none of the path's: by which, and which way. */
function beside(scene: Scene): Evidence[] {
  const mine = scene.passages.filter((one) => !one.onPath && isAnswer(one) && !one.foreign);
  const question = scene.place?.beside;
  if (question?.kind === 'neighbour') mine.push(question);
  const home = cameHome(scene);
  if (home)
    mine.push(
      ...scene.passages.filter(
        ({ kind, hop, heading }) => kind === 'request' && hop === home.hop && heading === 'in',
      ),
    );
  const groups = grouped(mine, (one) => `${one.hop} ${one.kind} ${one.heading} ${one.source}`);
  return groups.map(([first, times]) => {
    const netns = first.where === 'host' ? null : netnsOf(scene, first.where);
    const went = first.heading === 'in' ? 'in' : 'out';
    const isTalk = first.kind === 'neighbour';
    return {
      witness: 'capture',
      at: first.hop,
      microseconds: first.at,
      says: `${isTalk ? `neighbour: ${first.says}` : NOUN[first.kind](times)} ${first.kind === 'request' ? 'came back in' : isTalk ? 'came in' : `went ${went}`} by ${first.device}${first.onPath ? '' : ', beside the path'}, ${first.source} → ${first.destination}`,
      agrees: scene.place?.beside?.device === first.device ? true : null,
      source: commandLine({
        argv: ['tcpdump', '-ni', first.device, 'host', isTalk ? first.source : scene.flow.address],
        ...(netns ? { in: netns } : {}),
      }),
    };
  });
}

/** What was seen outside of a tunnel: by which interface, and to whom or from whom. */
function outside({ outer = [], path }: Scene): Evidence[] {
  const groups = grouped(
    outer,
    (one) => `${one.tunnel} ${one.device} ${one.kind} ${one.heading} ${one.source} ${one.destination}`,
  );
  return groups.map(([first, times]) => {
    const name = path.hops.find(({ id }) => id === first.tunnel)?.name ?? 'the tunnel';
    const what =
      first.kind === 'error'
        ? `error: ${first.says}, of a packet of ${name} for ${first.about}`
        : `${NOUN[first.kind](times)} inside packets of ${name}`;
    return {
      witness: 'capture',
      at: `host/${first.device}`,
      microseconds: first.at,
      says: `${what}, ${first.source} → ${first.destination}`,
      agrees: first.kind === 'error' ? true : null,
      source: [
        'tcpdump',
        '-nvi',
        first.device,
        'host',
        first.kind === 'reply' ? first.source : first.destination,
      ],
    };
  });
}

const means = (drop: Drop): { means?: string } => {
  const meaning = meaningOf(drop);
  return meaning ? { means: meaningInWords(meaning) } : {};
};

/** How the kernel ended the packets, where no cause explains it: half a sentence. */
export function howItEnded(scene: Scene): string | undefined {
  const [drop] = endings(scene);
  const meaning = drop && meaningOf(drop);
  if (!drop) return undefined;
  return meaning
    ? `the kernel throws them away (${dropName(drop)}), since ${meaning.checks}`
    : `the kernel throws them away (${dropName(drop)})`;
}

function drops(scene: Scene): Evidence[] {
  if (!scene.drops.known) return [];
  const groups = grouped(
    scene.drops.value,
    (drop) => `${drop.hop} ${drop.direction} ${drop.reason} ${drop.function}`,
  );
  return groups.map(([drop, times]) => ({
    witness: 'journey',
    at: drop.hop,
    microseconds: drop.at,
    says: `the kernel dropped the ${drop.direction ?? 'packet'}${times > 1 ? `, ${times} times` : ''}: ${dropName(drop)}`,
    agrees: scene.place ? drop.direction === scene.place.direction : null,
    drop: { reason: drop.reason, function: drop.function, ...means(drop) },
    source: ['perf', 'trace', '--no-syscalls', '-e', 'skb:kfree_skb'],
  }));
}

function rules(hits: readonly RuleHit[]): Evidence[] {
  const seen = new Set<string>();
  return hits.flatMap((hit) => {
    const key = `${hit.side} ${hit.direction} ${hit.rule.table} ${hit.rule.chain} ${hit.rule.number} ${hit.verdict}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [
      {
        witness: 'rule' as const,
        at: null,
        microseconds: hit.at,
        says: `${hit.direction} met ${ruleName(hit.rule)}: ${hit.verdict}`,
        agrees: ends(hit.verdict) ? true : null,
        rule: hit.rule,
        source: hit.by === 'trace' ? ['nft', 'monitor', 'trace'] : ['iptables-save', '-c'],
      },
    ];
  });
}
