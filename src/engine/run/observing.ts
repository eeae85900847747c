/** Stands in for a sender where somebody outside sends: it waits for the first packet and lets the witnesses follow it. */
import type { Flow } from '../../model/flow.ts';
import type { Path } from '../../model/path.ts';
import type { Passage, ProbeOutcome, Sighting } from '../../model/sighting.ts';
import type { ProbeRun } from '../../probe/kind.ts';
import type { RunLog } from './log.ts';
import type { Sender } from './sending.ts';

export function openObserver(flow: Flow, path: Path): Sender {
  const run: ProbeRun = {
    flow,
    count: 1,
    first: 0,
    token: 0,
    lengths: [0],
    ports: [flow.port],
    realDestination: path.realDestination,
    realPort: path.realPort ?? flow.port,
    asker: { address: null, port: null },
    sequences: new Map(),
  };
  return {
    run,
    owns: (probe) => probe === 0,
    sendOne: () => {},
    send: async () => {},
    look: () => {},
    lost: () => 0,
    speak: () => 'ENOTCONN',
    segment: () => null,
    resize: () => {},
    close: () => {},
  };
}

/** Somebody asks for the address again and again, and is not answered: no packet will ever come. Milliseconds. */
const IN_VAIN = 1900;

/**
 * How the waiting ended: a packet came, here or elsewhere; who came elsewhere before has had his answer; somebody asked in
 * vain whose the address is; or nobody was seen.
 */
export type Arrival = 'packet' | 'elsewhere' | 'served' | 'question' | 'nobody';

export interface Awaiting {
  /** Hop by which it comes in. */
  readonly entrance: string | undefined;
  /** Milliseconds. */
  readonly patience: number;
  /** Passes so much here that it had better be waited for in another way? */
  busy?(): boolean;
  /** Has somebody come by another way than this entrance? */
  elsewhere?(): boolean;
  /** Has he who came so before been answered? */
  served?(): boolean;
}

export async function awaitOutside(
  run: ProbeRun,
  log: RunLog,
  { entrance, patience, busy = () => false, elsewhere = () => false, served = () => false }: Awaiting,
  now: () => bigint,
  signal: AbortSignal,
): Promise<Arrival | 'busy'> {
  const { flow } = run;
  const arrived = (): boolean => log.sightings.some((one) => one.kind === 'request' && one.probe === 0);
  const inVain = (): boolean => askedInVain(log.sightings, flow.address, entrance);
  const program = flow.proto === 'udp' ? 'nc -u' : 'nc -vz';
  beginAnew(log, run);
  log.origin = now();
  const what = `a packet from outside; on another machine run: ${program} ${flow.address} ${flow.port}`;
  // Where no interface can be watched, whoever comes is not seen: that is known at once.
  const isBlind = (): boolean => log.captured.size === 0 && log.blind.size > 0;
  await log.wait(
    () => ({
      done: arrived() || elsewhere() || served() || inVain() || isBlind() || busy(),
      until: patience,
      what,
    }),
    patience,
    signal,
  );
  if (arrived()) return 'packet';
  if (elsewhere()) return 'elsewhere';
  if (served()) return 'served';
  return inVain() ? 'question' : busy() && !isBlind() ? 'busy' : 'nobody';
}

/** What passed while the witnesses were still being armed was seen by some of them only: the next packet is followed. */
export function beginAnew(log: Pick<RunLog, 'forget'>, { asker, sequences }: ProbeRun): void {
  log.forget();
  sequences.clear();
  if (asker) Object.assign(asker, { address: null, port: null });
}

/** The same neighbour asks for the address for two seconds, once a second (neighbour(7)), and gets no answer here. */
export function askedInVain(
  sightings: readonly Sighting[],
  address: string,
  entrance: string | undefined,
): boolean {
  const talk = sightings.filter((one) => one.kind === 'neighbour' && one.hop === entrance);
  if (talk.some((one) => one.says?.startsWith(`${address} is at `))) return false;
  const asked = talk.filter((one) => one.says?.startsWith(`who has ${address}?`));
  const first = asked[0];
  return asked.some((one) => one.says === first?.says && one.at - first!.at > IN_VAIN * 1000);
}

/** Whoever asked hears an answer of the address and port that he has asked, and of no other. */
const isHeard = (back: Sighting, asked: Sighting | undefined): boolean =>
  back.kind !== 'reply' ||
  !asked ||
  (back.source === asked.destination && back.sourcePort === asked.destinationPort);

const leaves = ({ kind, where, heading }: Passage): boolean =>
  kind === 'reply' && where === 'host' && heading === 'out';

/** What tells of an answer that took another way than the request. */
interface OtherWay {
  /** What he who asked went on with. */
  answerTo(source: string, port: number | null): ProbeOutcome | null;
  passages(): readonly Passage[];
}

/**
 * What the sender outside must have heard, read from the interface it came in by: the answer itself on its way out. Or that
 * answer left this host by another interface, and he goes on as only who was answered does.
 */
export function outsideOutcome(log: RunLog, entrance: string | undefined, other?: OtherWay): void {
  const there = log.sightings.filter((one) => one.hop === entrance && one.probe === 0);
  const asked = there.find((one) => one.kind === 'request');
  const back = there.find((one) => one.kind !== 'request' && isHeard(one, asked));
  if (!back && asked && other) {
    const wentOn = other.answerTo(asked.source, asked.sourcePort);
    if (wentOn && other.passages().some((one) => leaves(one) && isHeard(one, asked))) log.hear(wentOn);
  }
  if (!back) return;
  const result = back.kind === 'reply' ? 'answered' : back.kind === 'refusal' ? 'refused' : 'error';
  log.hear({
    probe: 0,
    result,
    microseconds: asked ? back.at - asked.at : null,
    errno: null,
    says: back.says,
  });
}
