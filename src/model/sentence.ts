/** The one sentence of a verdict: where it stops and why. The same in text, JSON and on the screen. */
import type { Flow } from './flow.ts';
import { destination } from './flow.ts';
import type { Place, Symptom } from './place.ts';
import type { Target } from './target.ts';

export interface Told {
  readonly target: Target;
  readonly flow: Flow;
  readonly place: Place | null;
  readonly symptom: Symptom;
  readonly sent: number;
  readonly answered: number;
  /** Median time of the answers, in microseconds. */
  readonly microseconds: number | null;
  /** The cause's `what`, or null when only the place is known. */
  readonly what: string | null;
}

const NOUN = { icmp: 'probes', tcp: 'connections', udp: 'datagrams', dns: 'questions' } as const;

export function sentence(told: Told): string {
  const { symptom, what, sent, answered, flow } = told;
  if (symptom.kind === 'answered') return healthy(told);
  const some = answered > 0 ? `${sent - answered} of ${sent} ${NOUN[flow.proto]} are lost. ` : '';
  return `${some}${where(told)}${what ? `: ${what}` : ''}.`;
}

function healthy({ flow, sent, answered, microseconds }: Told): string {
  const time =
    microseconds === null ? '' : ` in ${(microseconds / 1000).toFixed(microseconds < 10_000 ? 1 : 0)} ms`;
  return `${answered} of ${sent} ${NOUN[flow.proto]} answered by ${destination(flow)}${time}.`;
}

function where({ place, symptom, target, flow }: Told): string {
  const source = flow.from === 'container' ? target.name : flow.from === 'host' ? 'this host' : 'the sender';
  const far = destination(flow);
  if (symptom.kind === 'refused') return `${symptom.from ?? far} refuses the connection to ${far}`;
  if (symptom.kind === 'error')
    return `${symptom.from ?? 'Somebody'} answers "${symptom.says}" to requests for ${far}`;
  if (!place) return `Requests from ${source} to ${far} are not answered`;
  const back = place.direction === 'reply';
  const noun = back ? 'Replies' : 'Requests';
  const after = place.after?.name;
  const before = place.before?.name;
  switch (place.stage) {
    case 'send':
      return back
        ? `Replies reach ${after} of ${source} and not the socket that asked`
        : `Requests never leave ${source}`;
    case 'wire':
      return `${noun} stop between the two ends of the veth pair, ${after} and ${before}`;
    case 'port':
      return `${noun} stop between ${after} and ${before}`;
    case 'bridge':
      return `${noun} stop inside the bridge, between ${after} and ${before ?? far}`;
    case 'forward':
      return `${noun} stop in the host's kernel, between ${after} and ${before ?? far}`;
    case 'deliver':
      return back
        ? `The answer never leaves ${place.before ? far : far}`
        : `Requests reach ${after} and no answer leaves it`;
    case 'beyond':
      return `Requests leave this host through ${after ?? source} and nothing comes back from ${far}`;
  }
}
