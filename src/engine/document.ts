/** The diagnosis document of contract.md, put together from what was seen and judged. */
import type { Cause, Finding } from '../model/cause.ts';
import type { Diagnosis, PathEntry, Status } from '../model/diagnosis.ts';
import type { Evidence, Unknown } from '../model/evidence.ts';
import type { Change, Fix } from '../model/fix.ts';
import type { LookUp } from '../model/look-up.ts';
import { type Hop, watched } from '../model/path.ts';
import { between } from '../model/place.ts';
import type { Scene } from '../model/scene.ts';
import { summarise } from '../output/summary.ts';
import { inOrder } from '../repair/choose.ts';
import { refusalOfArguments } from '../words/arguments.ts';
import { sentence } from '../words/text.ts';
import { advised } from './advice.ts';
import { evidence, howItEnded } from './evidence.ts';
import type { Claimed } from './judge.ts';
import { withStory } from './name-advice.ts';
import { withRule } from './rule-that-ended.ts';
import type { RunResult } from './run/plan.ts';
import { unsaid } from './said-over.ts';
import { withWhy } from './unexplained.ts';
import { wentBy } from './unseen.ts';

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
  /** What was noticed on the way to the question, and no claim speaks of. */
  readonly beside?: readonly Evidence[];
  /** How the name was looked up, where there was one. */
  readonly lookUp?: LookUp | undefined;
}

export function document({
  scene,
  result,
  status,
  claims: made,
  unknown: told,
  times,
  beside = [],
  lookUp,
}: Draft): Diagnosis {
  const { target, flow, place, symptom } = scene;
  const { outcomes } = result;
  const hits = result.hits.known ? result.hits.value : [];
  const claims = made.map(({ cause, claim }, rank) => {
    const named = rank === 0 ? withRule(claim, scene, hits) : claim;
    return { cause, claim: withStory(advised(named, scene, hits), scene, lookUp) };
  });
  const { sent, answered } = counted(scene, outcomes);
  const fault = status === 'fault';
  const first = fault ? claims[0] : undefined;
  const end = first?.claim.place ?? place;
  const seen = [...evidence(scene, hits, first), ...beside];
  const unknown = withWhy({ status, evidence: seen }, told);
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
      ...(flow.source === undefined ? {} : { source: flow.source }),
      to: flow.to,
      address: flow.address,
      proto: flow.proto,
      port: flow.port,
      family: flow.family,
    },
    status,
    cause: first?.cause.id ?? null,
    direction: status === 'healthy' ? null : (end?.direction ?? null),
    between: status === 'healthy' || !end ? null : between(end),
    partial: answered > 0 && answered < sent,
    path: watched(scene.path).map((hop) => entry(scene, result, hop)),
    evidence: seen,
    // Beside probes that were answered they are warnings: nothing stops now.
    findings: status === 'undecided' ? [] : claims.map((one, rank) => finding(one, fault ? rank : rank + 1)),
    repairs: [],
    unknown,
    summary: summarise({
      status,
      target,
      flow,
      place,
      symptom,
      outcomes,
      sent,
      answered,
      unknown,
      what: first?.claim.what ?? (fault ? (howItEnded(scene) ?? null) : null),
      heldBy: heldNearer(scene),
      wentBy: wentBy(scene),
      unsaid: symptom.kind === 'answered' ? unsaid(scene, result.exchange) : undefined,
      data: scene.exchange != null,
      late: scene.outcomes.length > 0 && scene.answersLate?.connections === scene.outcomes.length,
      fullSize: scene.bigProbe?.vanished === true || scene.longEnd !== undefined,
    }),
    sent,
    answered,
    milliseconds: {
      total: Math.round(times.total),
      discover: Math.round(times.discover),
      arm: Math.round(times.arm),
      probe: Math.round(times.probe),
      judge: Math.round(times.judge),
    },
  };
}

/** How many probes there were, and how many came to something: a handshake that no program took is the kernel's answer. */
function counted({ untaken }: Scene, outcomes: RunResult['outcomes']): { sent: number; answered: number } {
  if (untaken) return { sent: untaken.of, answered: untaken.of - untaken.connections };
  return {
    sent: outcomes.length,
    answered: outcomes.filter(({ result }) => result === 'answered').length,
  };
}

/** A container's question that never gets past itself or its host, although nobody named them. */
function heldNearer({ flow, path }: Scene): string | undefined {
  if (flow.from !== 'container' || flow.to === 'host' || flow.to === 'gateway') return undefined;
  if (path.ending === 'host') return 'this host';
  return path.ending === 'container' && path.hops.length === 1 ? 'the container itself' : undefined;
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

function entry(scene: Scene, result: RunResult, hop: Hop): PathEntry {
  const { id } = hop;
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
    ...(scene.path.hops.includes(hop) ? {} : { beside: true as const }),
    captured,
    request: captured ? seenBy(result, id, true) : null,
    reply: captured ? seenBy(result, id, false) : null,
  };
}

/** A fix is offered only where every program would read in its words what was meant, on the way back too. */
const canBeRun = ({ apply, undo, persist = [] }: Fix): boolean =>
  [...apply, ...undo, ...persist].every(
    (change: Change) => 'file' in change || refusalOfArguments(change.run.argv) === null,
  );

export const finding = (
  { cause, claim }: { cause: Pick<Cause, 'id'>; claim: Claimed['claim'] },
  rank: number,
): Finding => ({
  cause: cause.id,
  severity: rank === 0 ? 'fatal' : 'warning',
  what: claim.what,
  why: sentence(claim.why),
  do: claim.do,
  owner: claim.owner ?? null,
  fixes: inOrder(claim.fixes ?? [])
    .filter(canBeRun)
    .map((fix: Fix, index) => ({
      id: rank === 0 ? String(index + 1) : `${rank + 1}.${index + 1}`,
      ...fix,
    })),
});
