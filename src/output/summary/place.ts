/** Where packets stop, as the first half of the sentence: `requests stop in the host's kernel, between docker0 and eth0`. */
import { destination } from '../../model/flow.ts';
import type { Hop, StageKind } from '../../model/path.ts';
import type { Place } from '../../model/place.ts';
import type { Direction, Passage } from '../../model/sighting.ts';
import { isPair } from '../../model/stack.ts';
import { named, plain } from '../../words/text.ts';
import type { Told } from './told.ts';

type Wording = (at: At) => string;

interface At {
  readonly after: string;
  readonly before: string;
  /** The namespace of the source and that of the destination, as people call them. */
  readonly source: string;
  readonly destination: string;
  /** `veth`, where both are the ends of one cable; null for a child and its parent, or two children of one. */
  readonly pair: string | null;
  /** Name of the bridge that both sides are ports of. */
  readonly bridge: string;
  /** Past the first or last interface of this host lies no other: which way do packets cross that line? */
  readonly outwards: boolean;
  /** Is it answered when it has been sent again? */
  readonly late: boolean;
  /** The verb in the number of its subject: `1 of 3 requests stops`. */
  verb(word: string): string;
}

const EITHER: Record<'wire' | 'port' | 'bridge' | 'forward' | 'beyond', Wording> = {
  wire: ({ verb, pair, after, before }) =>
    pair === null
      ? `${verb('stop')} between ${after} and ${before}`
      : `${verb('stop')} between the two ends of a ${pair} pair, ${after} and ${before}`,
  port: ({ verb, after, before }) => `${verb('stop')} between ${after} and ${before}`,
  bridge: ({ verb, bridge, after, before }) =>
    `${verb('stop')} in the bridge ${bridge}, between ${after} and ${before}`,
  forward: ({ verb, after, before }) =>
    `${verb('stop')} in the host's kernel, between ${after} and ${before}`,
  beyond: ({ verb, outwards, late, after, before }) =>
    outwards
      ? `${verb('leave')} this host through ${after} and no answer comes back${late ? ' until sent again' : ''}`
      : `${verb('do')} not arrive at ${before}`,
};

const WORDS: Record<Direction, Record<StageKind, Wording>> = {
  request: {
    ...EITHER,
    send: ({ verb, source }) => `never ${verb('leave')} ${source}`,
    deliver: ({ verb, after, destination }) =>
      `${verb('reach')} ${after} and ${verb('stop')} in ${destination}`,
  },
  reply: {
    ...EITHER,
    send: ({ verb, after }) => `${verb('reach')} ${after}, and not the program that asked`,
    deliver: ({ verb, destination }) => `never ${verb('leave')} ${destination}`,
    beyond: (at) =>
      at.outwards
        ? `${at.verb('leave')} this host through ${at.after} and the sender does not hear them`
        : EITHER.beyond(at),
  },
};

/** Null where there is no place to name. */
export function whereItStops(told: Told): string | null {
  const { place, symptom } = told;
  // A rule of this host can refuse in the name of the destination: then the place is here, and counts.
  const here = place !== null && place.stage !== 'beyond' && place.stage !== 'deliver';
  if (!here && symptom.kind === 'refused')
    return turnedAway(told, told.data ? 'resets the connection when data comes' : 'refuses the connection');
  if (!here && symptom.kind === 'error' && symptom.from !== null)
    return turnedAway(told, `turns ${requests(told)} away${symptom.says ? ` (${plain(symptom.says)})` : ''}`);
  if (place === null) return null;
  if (place.beside) return besideThePath(told, place, place.beside);
  // What left this host and got no answer is told from the request's side, whichever of the two was lost out there.
  const isAsked = place.stage === 'beyond' && told.flow.from !== 'outside' && !told.data;
  const direction = isAsked ? 'request' : place.direction;
  const subject = subjectOf(told, direction);
  return `${subject} ${WORDS[direction][place.stage](at(told, place, direction, subject))}`;
}

/** Replies that took another interface than the one the request went by. */
function besideThePath(
  told: Told,
  { before, stage }: Place,
  { heading, device, kind, source, where }: Passage,
): string {
  // What a container hands to this host comes in by none of the container's own interfaces.
  const isHandedOver = stage === 'deliver' && where !== before?.where;
  const instead = isHandedOver ? ', beside the path' : before ? `, not by ${hop(before, told)}` : '';
  if (kind === 'neighbour')
    return `${plain(source)} asks for this host by ${plain(device)}${instead}, and is not heard`;
  const subject = some(told, 'replies');
  const verb = (word: string): string => (subject.startsWith('1 of ') ? `${word}s` : word);
  if (heading === 'in') return `${subject} ${verb('come')} in by ${plain(device)}${instead}`;
  const from = stage === 'deliver' ? ends(told).destination : 'this host';
  return `${subject} ${verb('leave')} ${from} by ${plain(device)}${instead}`;
}

function subjectOf(told: Told, direction: Direction): string {
  if (told.data) return DATA[direction];
  if (told.fullSize) return FULL_SIZE[direction];
  return direction === 'reply' ? some(told, 'replies') : requests(told);
}

/** Small ones pass. */
const FULL_SIZE: Record<Direction, string> = { request: 'full-size requests', reply: 'full-size replies' };

/** Handshakes pass, and what follows them does not. */
const DATA: Record<Direction, string> = {
  request: 'connections open, and their data segments',
  reply: 'connections open, and the data segments of the answer',
};

const requests = (told: Told): string => some(told, 'requests');

/** `requests`, or `2 of 3 requests` where the others were answered. */
const some = ({ sent, answered }: Told, noun: string): string =>
  answered > 0 && answered < sent ? `${sent - answered} of ${sent} ${noun}` : noun;

function at(told: Told, place: Place, direction: Direction, subject: string): At {
  const { source, destination: far } = ends(told);
  const turned = direction !== place.direction;
  const [after, before] = turned ? [place.before, place.after] : [place.after, place.before];
  const [start, end] = direction === 'reply' ? [far, source] : [source, far];
  const one = subject.startsWith('1 of ');
  return {
    after: hop(after, told) ?? start,
    before: hop(before, told) ?? end,
    source,
    destination: far,
    pair: pairOf(place),
    bridge: named(place.after?.link.master ?? place.before?.link.master ?? ''),
    outwards: after !== null,
    late: told.late === true,
    verb: (word) => (one ? `${word}${/(o|ch)$/.test(word) ? 'es' : 's'}` : word),
  };
}

const pairOf = ({ after, before }: Place): string | null => {
  const ends = [after, before].flatMap((end) => (end ? [end.link] : []));
  return ends.every(isPair) ? (ends[0]?.kind ?? null) : null;
};

/** `eth0`, and whose it is where the name alone could be the host's. */
function hop(one: Hop | null, { target }: Told): string | null {
  if (one === null) return null;
  const name = named(one.name);
  if (one.where === 'container') return `${name} of ${named(target.name)}`;
  return one.where === 'other' ? `${name} of the other end` : name;
}

function ends({ flow, target, place }: Told): { source: string; destination: string } {
  const name = named(target.name);
  const local = place?.after?.where === 'host' || place?.before?.where === 'host';
  if (flow.from === 'container')
    return { source: name, destination: local ? "the host's own stack" : plain(flow.address) };
  const source =
    flow.from === 'host' ? 'the host' : flow.from === 'outside' ? 'the sender' : 'the other container';
  return { source, destination: name };
}

/** Somebody answered, and said no: who, and on which port. */
function turnedAway({ symptom, flow, target }: Told, verb: string): string {
  const asked =
    flow.from === 'container'
      ? plain(destination(flow))
      : `${named(target.name)} (${plain(destination(flow))})`;
  const from = symptom.from === null || symptom.from === flow.address ? asked : plain(symptom.from);
  return `${from} ${verb}`;
}
