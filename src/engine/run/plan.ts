/** What one run of probes is asked to do, and what it comes to. */
import type { Limit } from '../../kernel/limits.ts';
import type { Answer } from '../../model/answer.ts';
import type { Drop } from '../../model/evidence.ts';
import type { Exchange, WantedData } from '../../model/exchange.ts';
import type { RuleHit } from '../../model/facts.ts';
import type { Flow } from '../../model/flow.ts';
import type { LateAnswers } from '../../model/late-answers.ts';
import type { Netns } from '../../model/netns.ts';
import type { Outer } from '../../model/outer.ts';
import type { Passage, ProbeOutcome, Sighting, Unwatched } from '../../model/sighting.ts';
import type { User } from '../../model/socket.ts';
import type { Untaken } from '../../model/untaken.ts';
import type { Gap } from '../gaps.ts';
import type { Step } from '../place.ts';
import type { Armed, ArmPlan } from './arm.ts';
import type { Elsewhere, Visitor } from './elsewhere.ts';
import type { SizeResult } from './size.ts';

export interface RunPlan extends ArmPlan {
  readonly flow: Flow;
  readonly count: number;
  /** Milliseconds an answer from beyond this host is waited for, and the whole run may take. */
  readonly wait: number;
  readonly deadline: number;
  /** The namespace probes leave from, and the cgroup when its programs matter. */
  readonly netns: Netns | null;
  readonly cgroup?: string;
  /** As whom they ask, where that is not root. */
  readonly user?: User | undefined;
  /** A source port whose flow connection tracking has had before, unanswered. */
  readonly sourcePort?: number | null;
  /** Is a next hop being asked for already? */
  readonly resolving: boolean;
  /** Does this host answer neighbours for others, and so late? */
  readonly proxied: boolean;
  /** Queues on the way that may hold a packet back. */
  readonly queues: readonly string[];
  /** Milliseconds a packet from outside is waited for. */
  readonly outside: number;
  /** Hears whoever comes from outside by another way than the path foretells. */
  readonly elsewhere?: Elsewhere | undefined;
  /** Who did before, and is waited for here. */
  readonly visitor?: Visitor | undefined;
  /**
   * Begins to ask for what a verdict about a lost probe will rest on, where that is likely to be wanted: the rules alone,
   * where it is only what full-size packets meet.
   */
  readonly foresee?: (doubt: 'probe' | 'size') => void;
  /**
   * Milliseconds that an answer is listened for beyond `wait`, where every probe was seen to leave this host and none came back:
   * asked with what was seen by then, while it is listened on.
   */
  readonly listenOn?: (seen: RunResult) => Promise<number>;
  /** What may be said over a connection. */
  readonly say?: WantedData;
}

export interface RunResult {
  readonly sightings: readonly Sighting[];
  readonly passages: readonly Passage[];
  /** What was seen outside of a tunnel on the way. */
  readonly outer: readonly Outer[];
  readonly unwatched: readonly Unwatched[];
  readonly captured: ReadonlySet<string>;
  /** Source ports that the probes' sockets had; none for ICMP. */
  readonly ports: readonly number[];
  /** Hop id → why no capture ran there. */
  readonly blind: ReadonlyMap<string, string>;
  /** Of the probes that were asked for. */
  readonly outcomes: readonly ProbeOutcome[];
  /** How long an answer was waited for, in milliseconds since the first of them left. */
  readonly waited: number;
  /** Those that were answered only when their SYN had been sent again count as lost beyond this host. */
  readonly answersLate: LateAnswers | null;
  /** Probes for which no source port was left beside those that were sent. */
  readonly unsent: number;
  /** The limit that the probes themselves had filled, and that ended those after them, which count for nothing. */
  readonly filled: Limit | null;
  readonly size: SizeResult | null;
  /** What became of data after the handshake; null where none was said. */
  readonly exchange: Exchange | null;
  /** Connections that no program of this host took; null where it did, and where nobody could look. */
  readonly untaken: Untaken | null;
  readonly drops: Answer<readonly Drop[]>;
  /** Interfaces that the kernel said the probes crossed. */
  readonly steps: readonly Step[];
  readonly hits: Answer<readonly RuleHit[]>;
  readonly partlyBlind: Armed['partlyBlind'];
  /** What went by unseen while the run was under way. */
  readonly gaps: readonly Gap[];
  /** The captures died under way. */
  readonly lostSight: string | null;
  /** Milliseconds. */
  readonly arming: number;
  readonly probing: number;
  /** Resolves when everything that was armed has been taken back; it has begun already. */
  readonly dismantled: Promise<unknown>;
}
