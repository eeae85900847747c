/** The diagnosis document of contract.md, put together from what was seen and judged. */
import type { Cause, Finding } from '../model/cause.ts';
import type { Diagnosis, PathEntry, Status } from '../model/diagnosis.ts';
import type { Evidence, Unknown } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Fix } from '../model/fix.ts';
import { commandLine } from '../model/netns.ts';
import { between } from '../model/place.ts';
import { ends } from '../model/rules.ts';
import type { Scene } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';
import { ruleName } from '../model/telling.ts';
import { count } from '../model/words.ts';
import { summarise } from '../output/summary.ts';
import type { Claimed } from './judge.ts';
import type { RunResult } from './run/run.ts';

export interface Times {
  readonly total: number;
  readonly discover: number;
  readonly arm: number;
  readonly probe: number;
  readonly judge: number;
}

export interface Draft {
  /** The scene the verdict is about: of the probes asked for, or of the full-size one. */
  readonly scene: Scene;
  readonly result: RunResult;
  readonly status: Status;
  readonly claims: readonly Claimed[];
  readonly unknown: readonly Unknown[];
  readonly times: Times;
}

export function document({ scene, result, status, claims, unknown, times }: Draft): Diagnosis {
  const { target, flow, place, symptom } = scene;
  const { outcomes } = result;
  const hits = result.hits.known ? result.hits.value : [];
  const answers = outcomes.filter((outcome) => outcome.result === 'answered');
  const fault = status === 'fault';
  const first = fault ? claims[0] : undefined;
  return {
    schema: 'netdoctor/diagnosis/1',
    target: {
      runtime: target.runtime,
      name: target.name,
      id: target.id,
      pid: target.pid,
      namespace: target.netns.inode,
    },
    flow: {
      from: flow.from,
      to: flow.to,
      address: flow.address,
      proto: flow.proto,
      port: flow.port,
      family: flow.family,
    },
    status,
    cause: first?.cause.id ?? null,
    direction: status === 'healthy' ? null : (place?.direction ?? null),
    between: status === 'healthy' || !place ? null : between(place),
    partial: answers.length > 0 && answers.length < outcomes.length,
    path: scene.path.hops.map((hop) => entry(scene, result, hop.id)),
    evidence: evidence(scene, hits, first),
    findings: fault ? claims.map(finding) : [],
    repairs: [],
    unknown,
    summary: summarise({
      status,
      target,
      flow,
      place,
      symptom,
      outcomes,
      sent: outcomes.length,
      answered: answers.length,
      unknown,
      what: first?.claim.what ?? null,
    }),
    sent: outcomes.length,
    answered: answers.length,
    milliseconds: {
      total: Math.round(times.total),
      discover: Math.round(times.discover),
      arm: Math.round(times.arm),
      probe: Math.round(times.probe),
      judge: Math.round(times.judge),
    },
  };
}

/** How many different probes were seen: a bridge that floods shows one packet several times. */
function seenBy({ sightings, outcomes }: RunResult, hop: string, request: boolean): number {
  const mine = sightings.filter(
    (one) =>
      one.hop === hop &&
      one.probe >= 0 &&
      one.probe < outcomes.length &&
      (one.kind === 'request') === request,
  );
  return new Set(mine.map((one) => one.probe)).size;
}

function entry(scene: Scene, result: RunResult, id: string): PathEntry {
  const hop = scene.path.hops.find((one) => one.id === id)!;
  const captured = scene.captured.has(id);
  return {
    id,
    name: hop.name,
    where: hop.where,
    kind: hop.kind,
    ifindex: hop.link.ifindex,
    addresses: hop.link.addresses.map((own) => `${own.address}/${own.prefix}`),
    mtu: hop.link.mtu,
    up: hop.link.up,
    captured,
    request: captured ? seenBy(result, id, true) : null,
    reply: captured ? seenBy(result, id, false) : null,
  };
}

export const finding = (
  { cause, claim }: { cause: Pick<Cause, 'id'>; claim: Claimed['claim'] },
  rank: number,
): Finding => ({
  cause: cause.id,
  severity: rank === 0 ? 'fatal' : 'warning',
  what: claim.what,
  why: claim.why,
  do: claim.do,
  owner: claim.owner ?? null,
  fixes: (claim.fixes ?? []).map((fix: Fix, index) => ({
    id: rank === 0 ? String(index + 1) : `${rank + 1}.${index + 1}`,
    ...fix,
  })),
});

/** Everything seen, in time; what the state says comes last. */
function evidence(scene: Scene, hits: readonly RuleHit[], first: Claimed | undefined): Evidence[] {
  const timed = [...captures(scene), ...drops(scene), ...rules(hits)];
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
    ...timed.sort((a, b) => (a.microseconds ?? 0) - (b.microseconds ?? 0)),
    ...control,
    ...(first?.claim.evidence ?? []),
  ];
}

/** One line a hop and kind: when it was first seen, how often, and with which addresses. */
function captures(scene: Scene): Evidence[] {
  const groups = new Map<string, Sighting[]>();
  for (const sighting of scene.sightings) {
    const key = `${sighting.hop} ${sighting.kind} ${sighting.source} ${sighting.destination}`;
    groups.set(key, [...(groups.get(key) ?? []), sighting]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0]!;
    const hop = scene.path.hops.find((one) => one.id === first.hop);
    const what = first.says
      ? `${first.kind}: ${first.says}`
      : count(group.length, first.kind === 'reply' ? 'replie' : first.kind).replace(/replie$/, 'reply');
    return {
      witness: 'capture',
      at: first.hop,
      microseconds: Math.round(first.at),
      says: `${what}, ${first.source} → ${first.destination}`,
      agrees: null,
      source: commandLine({
        argv: ['tcpdump', '-ni', hop?.name ?? 'any', 'host', scene.flow.address],
        ...(hop?.netns ? { in: hop.netns } : {}),
      }),
    };
  });
}

function drops(scene: Scene): Evidence[] {
  if (!scene.drops.known) return [];
  const source = scene.drops.source;
  return scene.drops.value.map((drop) => ({
    witness: 'journey',
    at: drop.hop,
    microseconds: Math.round(drop.at),
    says: `the kernel dropped the ${drop.direction ?? 'packet'}: ${drop.reason} at ${drop.function}`,
    agrees: scene.place ? drop.direction === scene.place.direction : null,
    drop: { reason: drop.reason, function: drop.function },
    source,
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
        microseconds: Math.round(hit.at),
        says: `${hit.direction} met ${ruleName(hit.rule)}: ${hit.verdict}`,
        agrees: ends(hit.verdict) ? true : null,
        rule: hit.rule,
        source: hit.by === 'trace' ? ['nft', 'monitor', 'trace'] : ['iptables-save', '-c'],
      },
    ];
  });
}
