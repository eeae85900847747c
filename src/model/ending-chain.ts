/** The chain in which the packet ended, and the sets that its rules look up. */
import type { Rule } from './evidence.ts';

/** A named set or map that a rule looks the packet up in. */
export interface SetLookUp {
  readonly engine: 'nft' | 'ipset';
  readonly kind: 'set' | 'map';
  readonly name: string;
  /** `ipv4_addr . inet_service`, `hash:net,port`. */
  readonly type: string;
  /** What its header says beside the type: `flags timeout`, `timeout 1h`, `size 10`. */
  readonly header: readonly string[];
  /** What is looked up: `198.51.100.1 . 80`. */
  readonly key: string;
  readonly holds: boolean;
  /** Its first elements; null where they could not be listed, or are too many. */
  readonly elements: readonly string[] | null;
}

/** The chain whose rule or policy ended the packet, and what the sets say that its rules look up. */
export interface EndingChain {
  readonly rules: readonly Rule[];
  readonly lookUps: readonly SetLookUp[];
}
