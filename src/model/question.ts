import type { WantedData } from './exchange.ts';
import type { Family, Proto } from './flow.ts';

/** What a person asked, as the command line or the conversation gives it to the engine. */
export interface Question {
  /** A target in any of its forms: `web`, `docker:web`, `netns:red`, `pid:1234`. */
  readonly target: string;
  /** The destination as it was typed (`parseEnd`); absent: what the source and the protocol make of it. */
  readonly to?: string;
  /** Nobody typed that destination for this question: it is the environment's or the configuration's. */
  readonly usual?: boolean;
  /** The source as it was typed (`parseOrigin`). */
  readonly from: string;
  readonly proto?: Proto;
  readonly family?: Family;
  /** The name a DNS probe asks for. */
  readonly name?: string;
  /** What is said over a connection that stands; absent: what its port tells. */
  readonly data?: WantedData;
  /** How many probes. */
  readonly count: number;
  /** Seconds an answer from beyond this host is waited for. */
  readonly wait: number;
  /** Seconds a packet from outside is waited for (120). */
  readonly waitOutside?: number;
  /** Seconds the whole diagnosis may take. */
  readonly timeout: number;
  /** May netdoctor arm its own nft table and tracefs instance? */
  readonly trace: boolean;
  /** No repair and no set-up. */
  readonly readOnly: boolean;
}

/** What the command line's options come to when none is given. */
export const USUAL: Omit<Question, 'target'> = {
  from: 'container',
  count: 3,
  wait: 1,
  timeout: 10,
  trace: true,
  readOnly: false,
};
