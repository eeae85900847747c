/** The diagnosis as scripts get it: keys in the published order, commands as the argument lists that are typed. */
import type { Finding } from '../model/cause.ts';
import type { Diagnosis, PathEntry } from '../model/diagnosis.ts';
import type { Change, Fix } from '../model/fix.ts';
import { commandLine } from '../model/netns.ts';

export type PublishedChange =
  | { readonly run: readonly string[] }
  | Extract<Change, { readonly file: string }>;

export interface PublishedFix extends Pick<Fix, 'title' | 'risk' | 'lasts'> {
  readonly id: string;
  readonly affects: string | null;
  /** What a person must type for a dangerous one. */
  readonly confirm: string | null;
  readonly apply: readonly PublishedChange[];
  readonly undo: readonly PublishedChange[];
  readonly persist: readonly PublishedChange[];
}

export interface PublishedFinding extends Omit<Finding, 'fixes'> {
  readonly fixes: readonly PublishedFix[];
}

export interface PublishedDiagnosis extends Omit<Diagnosis, 'findings' | 'families'> {
  readonly findings: readonly PublishedFinding[];
  readonly families?: readonly PublishedDiagnosis[];
}

/** The document of a diagnosis, whatever order its keys were put together in. */
export function published(diagnosis: Diagnosis): PublishedDiagnosis {
  const { schema, target, flow, status, cause, direction, between, partial, path, evidence } = diagnosis;
  const { findings, repairs, unknown, families, addresses, lookUp, summary, sent, answered, milliseconds } =
    diagnosis;
  return {
    schema,
    target,
    flow,
    status,
    cause,
    direction,
    between,
    partial,
    path: path.map(entryInOrder),
    evidence,
    findings: findings.map(publishedFinding),
    repairs,
    unknown,
    ...(families ? { families: families.map(published) } : {}),
    ...(addresses ? { addresses } : {}),
    ...(lookUp ? { lookUp } : {}),
    summary,
    sent,
    answered,
    milliseconds,
  };
}

function entryInOrder(entry: PathEntry): PathEntry {
  const { id, name, where, kind, ifindex, addresses, mtu, up, captured, request, reply } = entry;
  return { id, name, where, kind, ifindex, addresses, mtu, up, captured, request, reply };
}

function publishedFinding({
  cause,
  severity,
  what,
  why,
  do: advice,
  owner,
  fixes,
}: Finding): PublishedFinding {
  return { cause, severity, what, why, do: advice, owner, fixes: fixes.map(publishedFix) };
}

function publishedFix(fix: Finding['fixes'][number]): PublishedFix {
  const { id, title, risk, lasts, affects = null, confirm = null, apply, undo, persist = [] } = fix;
  const [done, undone, kept] = [apply, undo, persist].map((changes) => changes.map(publishedChange));
  return { id, title, risk, lasts, affects, confirm, apply: done!, undo: undone!, persist: kept! };
}

/** A command in a namespace carries its nsenter. */
const publishedChange = (change: Change): PublishedChange =>
  'run' in change ? { run: commandLine(change.run) } : change;
