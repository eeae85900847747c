/** What the rows of the path say, before anybody decides how wide they are. */
import type { Control } from '../../model/scene.ts';
import { named, plain } from '../../words/text.ts';
import type { Run } from '../run.ts';
import { placeWord } from '../words.ts';
import type { PathRow } from './path-row.ts';
import { stopRow } from './stop.ts';
import { type HopView, type PathView, stopIndex, viewOf } from './view.ts';

function hopRow(run: Run, hop: HopView, first: boolean): PathRow {
  const lost = run.diagnosis?.direction;
  const passed = lost === 'reply' ? hop.reply > 0 : hop.request > 0;
  const blind = !hop.watched && !passed;
  const sends = first && hop.where !== 'host' && originOf(run) === 'container';
  return {
    hop: hop.id,
    mark: blind ? 'unsure' : passed ? 'good' : 'idle',
    name: named(hop.name),
    label: plain(placeWord(hop.where, hop.kind)),
    about: plain(hop.about),
    out: blind ? 'not watched' : `${hop.request} ${sends ? 'sent' : 'seen'}`,
    back: blind ? '' : `${hop.reply} back`,
  };
}

const originOf = ({ flow, diagnosis }: Run): string => flow?.from ?? diagnosis?.flow.from ?? 'container';

/** The far end: what it says to the container and, where it was asked, to the host. */
function destinationRow(run: Run): PathRow | null {
  const flow = run.flow ?? run.diagnosis?.flow;
  if (!flow) return null;
  const { diagnosis, control } = run;
  const answered = diagnosis
    ? diagnosis.answered
    : run.outcomes.filter(({ result }) => result === 'answered').length;
  const beyond = diagnosis?.status === 'fault' && isFarEnd(run);
  return {
    hop: null,
    mark: beyond ? 'bad' : answered > 0 ? 'good' : 'idle',
    name: plain(flow.address) + (flow.port === null ? '' : ` port ${flow.port}`),
    label: '',
    about: answered > 0 ? `answered ${answered}` : refuses(run) ? 'refuses' : toTheHost(control, beyond),
    out: '',
    back: '',
  };
}

const refuses = ({ outcomes, diagnosis }: Run): boolean =>
  diagnosis?.cause === 'connection-refused' || outcomes.some(({ result }) => result === 'refused');

function toTheHost(control: Control | null, beyond: boolean): string {
  if (control?.asked) return control.answered ? 'answers this host' : 'silent to this host too';
  return beyond ? 'does not answer' : '';
}

/** Is the far end itself the place: silent beyond this host, or refusing? It then needs no other row beside its own. */
function isFarEnd(run: Run): boolean {
  const view = viewOf(run);
  const stop = view && run.diagnosis ? stopIndex(view, run.diagnosis) : null;
  if (stop === null) return false;
  const stage = view!.stages[stop];
  return stage === 'beyond' || (stage === 'deliver' && refuses(run));
}

function withGaps(run: Run, view: PathView, rows: readonly PathRow[]): PathRow[] {
  const grown = [...rows];
  const mark = run.diagnosis?.status === 'healthy' ? 'idle' : 'unsure';
  for (const gap of view.gaps.toReversed()) {
    const at = view.hops.findIndex(({ id }) => id === gap.after) + 1;
    const row = {
      hop: null,
      mark,
      name: 'gap',
      label: '',
      about: plain(gap.says),
      out: '',
      back: '',
    } as const;
    grown.splice(at, 0, row);
  }
  return grown;
}

/** The rows in the order a request crosses them, the destination last; empty while the path is not known. */
export function pathRows(run: Run): PathRow[] {
  const view = viewOf(run);
  if (view === null) return [];
  const rows = withGaps(
    run,
    view,
    view.hops.map((hop, index) => hopRow(run, hop, index === 0)),
  );
  if (run.diagnosis?.status === 'fault' && !isFarEnd(run)) {
    const stop = stopIndex(view, run.diagnosis);
    if (stop !== null) {
      const next = view.hops[stop]?.id;
      const at = next === undefined ? rows.length : rows.findIndex(({ hop }) => hop === next);
      rows.splice(at, 0, stopRow(view, run.diagnosis, stop));
    }
  }
  rows.push(...view.branches.map((hop) => hopRow(run, hop, false)));
  const end = destinationRow(run);
  if (end === null) return rows;
  return originOf(run) === 'outside' ? rows : [...rows, end];
}
