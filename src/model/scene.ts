import type { Ailment } from './ailment.ts';
import type { Answer } from './answer.ts';
import type { Comparison } from './comparison.ts';
import type { Drop } from './evidence.ts';
import type { Exchange } from './exchange.ts';
import type { Side } from './facts.ts';
import type { Flow } from './flow.ts';
import type { LateAnswers } from './late-answers.ts';
import type { LongEnd } from './long-end.ts';
import type { Outer } from './outer.ts';
import { type Hop, leadsOut, type Path } from './path.ts';
import type { Place, Symptom } from './place.ts';
import type { Direction, Passage, ProbeOutcome, Sighting, Unwatched } from './sighting.ts';
import { type Link, linkHolding, linkNamed, type Stack } from './stack.ts';
import type { Target } from './target.ts';
import type { Untaken } from './untaken.ts';

/** The same probe from the host's own namespace. */
export interface Control {
  readonly asked: boolean;
  readonly answered: boolean;
  readonly outcomes: readonly ProbeOutcome[];
  readonly says: string;
  /** It was answered only when its SYN had been sent again, a second later. */
  readonly again?: boolean;
  /** The same question again with one thing changed at a time, where something treats the container differently. */
  readonly tries?: readonly Try[];
  /** In what the two differed as they left, where the host was answered and the container was not. */
  readonly contrasts?: readonly Contrast[];
}

/** The host's own probe with one thing as the container's packet had it when it left. */
export interface Try {
  /** By which interface; from a port like the one that NAT chose; with which time to live, … or TCP option. */
  readonly trait: Trait;
  readonly value: string;
  readonly answered: boolean;
}

export type Trait = 'interface' | 'source-port' | 'source' | 'ttl' | 'dscp' | 'mark' | 'ecn' | 'tcp-option';

/** In what the container's packet and the host's own differ as they leave. */
export interface Contrast {
  readonly trait: Exclude<Trait, 'interface'>;
  /** As the lost packet had it, and as the host's own had it that was answered. */
  readonly lost: string;
  readonly answered: string;
}

/** A full-size packet that may not be fragmented, sent after small probes passed. */
export interface BigProbe {
  /** IP length in bytes. */
  readonly size: number;
  readonly answered: boolean;
  /** It vanished, twice or at a place that was seen, and no error told why. */
  readonly vanished: boolean;
  /** Who said that it was too big, and for which MTU. */
  readonly tooBig: { readonly from: string; readonly mtu: number | null } | null;
  /** The largest IP length that was seen to pass, where that was tried. */
  readonly passes?: number | null;
}

/** Data that did not come through although the handshake did. */
export interface BrokenExchange extends Exchange {
  /** Time to live of the handshake's answer and of the reset, where both were seen on one hop. */
  readonly ttl: { readonly handshake: number; readonly reset: number } | null;
  /** The handshake's answer reached who asked, and never passed the interface by which the request had come to the far end. */
  readonly answeredBeside?: boolean;
  /** What came of the answer stands behind what did not come; `place` then says where that is. */
  readonly gap?: AnswerGap;
}

/** TCP hands no data to a program across a gap: RFC 9293, 3.10.7.4. */
export interface AnswerGap {
  /** Bytes that are missing in front of the first segment that was seen. */
  readonly missing: number;
  /** IP length of the longest segment that was seen, in bytes. */
  readonly longest: number;
  /** IP length of a full segment as the SYN asked for it where it left, in bytes; null where that was not seen. */
  readonly full: number | null;
  /** So much is missing that a full segment is, and what came is shorter. */
  readonly isOfFull: boolean;
  /** A ping as long as a full segment was answered. */
  readonly isPinged: boolean;
}

/** Is it what is long that is lost? */
export const isOfLength = ({ isOfFull, isPinged }: AnswerGap): boolean => isOfFull && !isPinged;

/** Everything the witnesses saw of one diagnosis, and where it stopped. */
export interface Scene {
  readonly target: Target;
  readonly flow: Flow;
  readonly path: Path;
  /** State of each namespace after the probe. */
  readonly stacks: { readonly container: Stack; readonly host: Stack; readonly other: Stack | null };
  readonly sightings: readonly Sighting[];
  /** The same packets as they passed any interface of the namespaces concerned, in time. */
  readonly passages: readonly Passage[];
  /** What was seen of them outside of a tunnel on the way, and what was said of its packets; absent: nothing. */
  readonly outer?: readonly Outer[];
  /** Where nobody could look for them. */
  readonly unwatched: readonly Unwatched[];
  /** Hop ids on which a capture was running all the time. */
  readonly captured: ReadonlySet<string>;
  /** Source ports of the probes' own sockets. */
  readonly ports?: readonly number[];
  readonly outcomes: readonly ProbeOutcome[];
  readonly control: Control | null;
  /** How long an answer was listened for, in milliseconds; absent where nobody counted. */
  readonly waited?: number;
  /** Probes that were answered only when their SYN had been sent again: they count as lost beyond this host. */
  readonly answersLate?: LateAnswers | null;
  /** What the kernel threw away; not known without tracefs. */
  readonly drops: Answer<readonly Drop[]>;
  /** Where some probes were answered and some lost. `sightings` are then those of the lost ones. */
  readonly comparison?: Comparison | null;
  /** Did that account follow the lost packet to its place? False where it contradicts the captures; absent: it did. */
  readonly followed?: boolean;
  readonly symptom: Symptom;
  /** Null where packets vanish nowhere on this host and none did beyond. */
  readonly place: Place | null;
  /** Where small probes passed and a full-size one was tried; `place` then says where that one vanished. */
  readonly bigProbe?: BigProbe | null;
  /** The rule that would end a full segment of a flow whose short packets are answered; `place` is then where it stands. */
  readonly longEnd?: LongEnd;
  /** Where handshakes were answered and data over a connection was not; `place` then says where that was lost. */
  readonly exchange?: BrokenExchange | null;
  /** What was said over one of the connections, where handshakes were answered. */
  readonly spoken?: Exchange | null;
  /** Connections that the kernel opened and no program took; `place` is then where they arrived. */
  readonly untaken?: Untaken | null;
  /** What ails connections that the target's programs have, where the probe itself was answered. */
  readonly ailments?: readonly Ailment[];
}

/** The same scene with something in it changed. What is read only when somebody reaches for it stays so. */
export const changed = <S extends Scene>(scene: S, changes: Partial<Scene>): S =>
  Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(scene),
      ...Object.getOwnPropertyDescriptors(changes),
    },
  ) as S;

/** Sightings of one kind on one hop. */
export const seen = (scene: Pick<Scene, 'sightings'>, hop: string, kind: Sighting['kind']): Sighting[] =>
  scene.sightings.filter((sighting) => sighting.hop === hop && sighting.kind === kind);

export const hopAt = (scene: Pick<Scene, 'path'>, id: string | null): Hop | undefined =>
  scene.path.hops.find((hop) => hop.id === id);

/** The hop by which packets leave this host: its uplink, or a tunnel. */
export const exitHop = (scene: Pick<Scene, 'path'>): Hop | undefined => scene.path.hops.find(leadsOut);

/** The state of the namespace a hop lives in. */
export const stackOf = (scene: Pick<Scene, 'stacks'>, side: Side): Stack | null => scene.stacks[side];

/** The hop's link as it was after the probe (it may have changed since the path was found). */
export function linkNow(scene: Pick<Scene, 'stacks'>, hop: Hop): Link | undefined {
  const stack = stackOf(scene, hop.where);
  // Of several other namespaces on the way the state of one is kept: what was found of the others stands.
  if (hop.netns && stack?.netns && hop.netns.inode !== stack.netns.inode) return hop.link;
  return stack ? linkNamed(stack, hop.name) : undefined;
}

export const isAt = (scene: Scene, ...stages: Place['stage'][]): boolean =>
  scene.place !== null && stages.includes(scene.place.stage);

export const losing = (scene: Scene, direction: Direction): boolean => scene.place?.direction === direction;

/** Is this address one of the host's own? */
export const isHostAddress = (scene: Pick<Scene, 'stacks'>, address: string): boolean =>
  linkHolding(scene.stacks.host, address) !== undefined;
