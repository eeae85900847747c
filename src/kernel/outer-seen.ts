/** What was seen outside of the tunnel that a request entered: that its outer packets left this host, and what others said of them. */
import type { Claim } from '../model/cause.ts';
import type { Outer } from '../model/outer.ts';
import { type Hop, isTunnel } from '../model/path.ts';
import { isAt, isHostAddress, type Scene } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';
import { outerPacket } from './outer-packet.ts';

/** The tunnel that the request entered, or that the search for its next hop did, and behind which nothing of it is seen. */
export function tunnelEntered(scene: Scene): Hop | undefined {
  const { path, place } = scene;
  if (place?.direction !== 'request') return undefined;
  return path.hops.find(
    (hop, index) =>
      isTunnel(hop.kind) &&
      (place.after?.id === hop.id ||
        place.before?.id === hop.id ||
        (isAt(scene, 'beyond') && index < place.index)),
  );
}

const of = ({ outer = [] }: Pick<Scene, 'outer'>, hop: Hop): readonly Outer[] =>
  outer.filter(({ tunnel }) => tunnel === hop.id);

/** An outer packet with the request in it as it left by the last tunnel of the way; undefined where none was seen to. */
export function leftInside(scene: Pick<Scene, 'outer' | 'path'>): Outer | undefined {
  const last = scene.path.hops.at(-1);
  if (!last || !isTunnel(last.kind)) return undefined;
  return of(scene, last).find(({ kind, heading }) => kind === 'request' && heading === 'out');
}

/** `inside outer packets for 203.0.113.7, which left by up0`. */
export const insideWords = ({ destination, device }: Outer): string =>
  `inside outer packets for ${destination}, which left by ${device}`;

export interface Refusal {
  readonly hop: Hop;
  /** The far end that the packets were for. */
  readonly to: string;
  readonly error: Outer;
}

/**
 * What somebody said of the packets for that far end, so that it fits the pattern. Where they are for several at once, of which
 * each may answer, all must have been refused. `named`: whom forwarding entries name, where nothing else tells.
 */
export function refusedOuter(
  scene: Scene,
  pattern: RegExp,
  named: readonly string[] = [],
): Refusal | undefined {
  const hop = tunnelEntered(scene);
  if (!hop) return undefined;
  const mine = of(scene, hop);
  const given = outerPacket(scene, hop)?.destination;
  const sent = mine.flatMap(({ kind, heading, destination }) =>
    kind === 'request' && heading === 'out' ? [destination] : [],
  );
  const ends = sent.length > 0 ? [...new Set(sent)] : given === undefined ? named : [given];
  // What this host says itself it says by its own rules, routes and neighbours, which tell more.
  const errors = mine.filter(({ kind, source }) => kind === 'error' && !isHostAddress(scene, source));
  const refusals = ends.map((to) =>
    errors.find(({ about, says }) => about === to && says !== null && pattern.test(says)),
  );
  const [error] = refusals;
  const [to] = ends;
  return error && to !== undefined && !refusals.includes(undefined) ? { hop, to, error } : undefined;
}

/** What is claimed of it, whatever was said. */
export const refusalClaim = (
  { outcomes }: Scene,
  refusal: Refusal,
): Pick<Claim, 'sure' | 'why' | 'evidence'> => {
  const { hop, to, error } = refusal;
  return {
    // One that some of the packets meet need not be what the others are lost for.
    sure: outcomes.some(({ result }) => result === 'answered') ? 'supported' : 'proved',
    why: `What enters ${hop.name} leaves in packets for ${to}, and ${refuser(refusal)} answers them with the ICMP error "${error.says}", which came in by ${error.device}. The kernel tells nobody inside the tunnel.`,
    evidence: [
      fromState(
        `${error.source} says "${error.says}" of packets of ${hop.name}`,
        ['tcpdump', '-nvi', error.device, 'icmp or icmp6'],
        hop.id,
      ),
    ],
  };
};

/** `203.0.113.7 itself`; `198.51.100.9, on the way there,`. */
const refuser = ({ error, to }: Refusal): string =>
  error.source === to ? `${to} itself` : `${error.source}, on the way there,`;
