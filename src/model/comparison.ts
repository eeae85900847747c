/** Some probes were lost and some answered: what only the lost ones have. */

export interface Difference {
  /** `interface`: by which they leave the host · `next-hop`: whose MAC address they carry there · `destination`: where NAT
   * led them · `source`: as whom they leave. */
  readonly trait: 'interface' | 'next-hop' | 'destination' | 'source';
  /** The one value that every lost probe had. */
  readonly lost: string;
  /** The values that the answered ones had. */
  readonly answered: readonly string[];
}

export interface Comparison {
  readonly lost: number;
  readonly answered: number;
  readonly differences: readonly Difference[];
}
