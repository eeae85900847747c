/** What a rule asks of a packet and does to it, in words that no program owns. */
import type { Field } from './frame-field.ts';

export type Subject =
  | 'source'
  | 'destination'
  | 'in'
  | 'out'
  | 'proto'
  | 'sport'
  | 'dport'
  | 'state'
  | 'mark'
  | 'tuple'
  | 'length'
  | 'user'
  | 'group'
  | 'any-group'
  | 'carried'
  | 'source-type'
  | 'destination-type'
  | 'icmp-type'
  | 'family'
  /** `strict`: by the interface it came in by; `loose`: by any. */
  | 'way-back'
  | 'in-bridge'
  | 'out-bridge'
  /** Bytes of a frame: `field` says which. */
  | 'frame'
  | 'other';

export interface Counting {
  readonly way: 'original' | 'reply' | 'both';
  readonly unit: 'bytes' | 'packets' | 'average';
}

export interface Clause {
  readonly on: Subject;
  readonly not: boolean;
  /** `@name`: a set of its own, looked up. */
  readonly values: readonly string[];
  /** Of a `tuple`: what is put together and looked up as one. */
  readonly parts?: readonly Subject[];
  /** Of a `frame`: where it is looked at. */
  readonly field?: Field;
  /** Of what a connection has `carried`: which way, and counted in what. */
  readonly of?: Counting;
}

/** A rule taken apart. */
export interface Clauses {
  readonly asks: readonly Clause[];
  /** `DROP`, `DNAT`, `MASQUERADE`, `NFQUEUE`, a chain's name; nft's words in iptables' spelling. */
  readonly target: string | null;
  /** What the target was told: `--to-destination 10.0.0.2:80` → `10.0.0.2:80`. */
  readonly argument: string | null;
  /** Other words of the target: `bypass`, `notrack`. */
  readonly options: readonly string[];
}
