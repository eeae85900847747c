/** What the kernel tells by netlink of what a program would print: the questions, and what answers each. No program is run. */

/** A chain of nf_tables. */
export interface ChainTold {
  /** NFPROTO_* of linux/netfilter.h. */
  readonly family: number;
  readonly table: string;
  readonly name: string;
  /** `prerouting`, `forward`, …; null for a chain that is jumped to. */
  readonly hook: string | null;
  /** How many rules it has, jumps to it counted too. */
  readonly rules: number;
}

export interface KernelTold {
  chains: { readonly asked: null; readonly told: readonly ChainTold[] };
  /** The handles of a chain's rules, in their order. */
  handles: {
    readonly asked: { readonly family: number; readonly table: string; readonly chain: string };
    readonly told: readonly number[];
  };
}
