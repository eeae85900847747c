/** The one sentence of a diagnosis: where packets stop, and why. The same in text, JSON and on the screen. */
import { list, named, plain } from '../words/text.ts';
import { whereItStops } from './summary/place.ts';
import type { Told } from './summary/told.ts';
import { duration, sentence } from './words.ts';

export function summarise(told: Told): string {
  if (told.status === 'healthy') return healthy(told);
  if (told.status === 'undecided') return undecided(told);
  const what = told.what === null ? null : plain(told.what).replace(/\.$/, '');
  const where = whereItStops(told);
  if (where === null) return what === null ? 'Something is wrong; where is not known.' : sentence(what);
  return sentence(
    what === null ? `${where}; why is not known` : `${where}: ${what}`,
    named(told.target.name),
  );
}

function healthy({ flow, target, outcomes, sent, answered, heldBy }: Told): string {
  const times = outcomes.flatMap(({ result, microseconds }) =>
    result === 'answered' && microseconds !== null ? [microseconds] : [],
  );
  const middle = times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) / 2)];
  const who =
    flow.from === 'container' ? plain(flow.address) : `${named(target.name)} (${plain(flow.address)})`;
  return `${answered} of ${sent} ${sent === 1 ? 'probe' : 'probes'} answered by ${who}${heldBy === undefined ? '' : `, an address of ${heldBy},`}${middle === undefined ? '' : ` in ${duration(middle)}`}${saying(outcomes)}.`;
}

/** What the answers were, where they all said the same. */
function saying(outcomes: Told['outcomes']): string {
  const said = new Set(outcomes.filter(({ result }) => result === 'answered').map(({ says }) => says));
  const [only] = said;
  return said.size === 1 && only ? `: ${plain(only)}` : '';
}

function undecided(told: Told): string {
  const { unknown, symptom, flow, place, wentBy, unsaid } = told;
  if (unsaid !== undefined) return sentence(plain(unsaid));
  if (wentBy !== undefined) {
    const way =
      wentBy.length === 0 ? 'leave no interface of this host' : `go out by ${list(wentBy.map(named))}`;
    return `Requests for ${plain(flow.address)}, which stands for many, ${way}; nobody need answer them.`;
  }
  if (symptom.kind === 'silence' && (flow.proto === 'udp' || flow.proto === 'dns')) {
    const out = place?.after ? ` through ${named(place.after.name)}` : '';
    return `Requests leave this host${out} and no answer comes back; UDP does not say whether they arrived.`;
  }
  if (symptom.kind === 'lost' && flow.proto === 'udp' && place?.stage === 'deliver' && place.after)
    return `Requests reach ${named(place.after.name)}, and no answer comes back; a program need not answer a datagram.`;
  const [first] = unknown;
  const where = whereItStops(told);
  const missing = first ? `${plain(first.what)} could not be looked at` : 'the evidence does not decide';
  return sentence(
    where === null ? `it is not decided: ${missing}` : `${where}; why is not decided: ${missing}`,
  );
}
