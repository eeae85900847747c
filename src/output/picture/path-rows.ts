/** What the rows of the path say, before anybody decides how wide they are. */
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { StageKind } from '../../model/path.ts';
import { plain } from '../../model/words.ts';
import { countsOf, type Run } from '../run.ts';

export type Mark = 'good' | 'bad' | 'unsure' | 'idle';

export interface PathRow {
  /** Hop id; null for a row that is no interface: the place of the stop, a gap, the destination. */
  readonly hop: string | null;
  readonly mark: Mark;
  readonly name: string;
  readonly label: string;
  readonly about: string;
  /** `3 sent`, `0 seen`. */
  readonly out: string;
  /** `0 back`. */
  readonly back: string;
}

const STAGES: Record<StageKind, string> = {
  send: 'sending',
  wire: 'veth pair',
  port: 'bridge port',
  bridge: 'bridging',
  forward: 'forwarding',
  deliver: 'delivery',
  beyond: 'beyond here',
};

const LABELS: Record<string, string> = { veth: 'host', ether: 'host' };

const labelOf = (where: string, kind: string): string =>
  where === 'container' ? 'container' : plain(LABELS[kind] ?? kind);

function hopRow(run: Run, index: number): PathRow {
  const hop = run.path!.hops[index]!;
  const entry = run.diagnosis?.path.find(({ id }) => id === hop.id);
  const counted = countsOf(run, hop.id);
  const request = entry ? entry.request : counted.request;
  const reply = entry ? entry.reply : counted.reply;
  const lost = run.diagnosis?.direction;
  const passed = lost === 'reply' ? (reply ?? 0) > 0 : (request ?? 0) > 0;
  const blind = (entry ? !entry.captured : Boolean(run.armed[hop.id])) && !passed;
  return {
    hop: hop.id,
    mark: blind ? 'unsure' : passed ? 'good' : 'idle',
    name: plain(hop.name),
    label: labelOf(hop.where, hop.kind),
    about: plain(hop.about),
    out: blind
      ? 'not watched'
      : `${request ?? 0} ${index === 0 && run.path!.origin === 'container' ? 'sent' : 'seen'}`,
    back: blind ? '' : `${reply ?? 0} back`,
  };
}

/** Index of the stage in which packets stop, or null. */
function stopIndex(run: Run, { between, direction }: Diagnosis): number | null {
  if (between === null || run.path === null) return null;
  const [first, second] = direction === 'reply' ? [between[1], between[0]] : between;
  const { hops } = run.path;
  const after = hops.findIndex(({ id }) => id === first);
  if (after >= 0) return after + 1;
  const before = hops.findIndex(({ id }) => id === second);
  return before >= 0 ? before : null;
}

function stopRow(run: Run, diagnosis: Diagnosis, index: number): PathRow {
  const stage = run.path!.stages[index] ?? 'beyond';
  const drops = diagnosis.evidence.filter(({ drop }) => drop !== undefined);
  const drop = drops[0]?.drop;
  const rule = diagnosis.evidence.find((seen) => seen.rule !== undefined && seen.agrees !== false)?.rule;
  const state = diagnosis.evidence.find(
    ({ witness, agrees, says }) => witness === 'state' && agrees && says.length <= 32,
  );
  const about = rule ? `chain ${rule.chain}` : (state?.says ?? '');
  return {
    hop: null,
    mark: 'bad',
    name: STAGES[stage],
    label: stage === 'beyond' ? '' : 'kernel',
    about: plain(about),
    out: run.drops.length > 0 ? `${run.drops.length} dropped` : 'stops here',
    back: drop ? plain(`${drop.reason} at ${drop.function}`) : '',
  };
}

function destinationRow(run: Run): PathRow | null {
  if (run.flow === null || run.path === null) return null;
  const { flow, diagnosis, control } = run;
  const answered = diagnosis
    ? diagnosis.answered > 0
    : run.outcomes.some(({ result }) => result === 'answered');
  const host = control?.asked ? (control.answered ? 'answers this host' : 'silent to this host too') : '';
  const port = flow.port === null ? '' : ` port ${flow.port}`;
  return {
    hop: null,
    mark: answered ? 'good' : 'idle',
    name: plain(flow.address) + port,
    label: '',
    about: answered ? 'answers' : host,
    out: '',
    back: '',
  };
}

/** The rows in the order a request crosses them. */
export function pathRows(run: Run): PathRow[] {
  if (run.path === null) return [];
  const rows = run.path.hops.map((_, index) => hopRow(run, index));
  for (const gap of [...run.path.gaps].reverse()) {
    const at = run.path.hops.findIndex(({ id }) => id === gap.after) + 1;
    const mark = run.diagnosis?.status === 'healthy' ? 'idle' : 'unsure';
    rows.splice(at, 0, {
      hop: null,
      mark,
      name: 'gap',
      label: '',
      about: plain(gap.says),
      out: '',
      back: '',
    });
  }
  const end = destinationRow(run);
  if (run.diagnosis?.status === 'fault') {
    const stop = stopIndex(run, run.diagnosis);
    if (stop !== null) {
      const before = run.path.hops[stop]?.id;
      const at = before === undefined ? rows.length : rows.findIndex(({ hop }) => hop === before);
      rows.splice(at, 0, stopRow(run, run.diagnosis, stop));
    }
  }
  return end ? [...rows, end] : rows;
}
