import type { Source } from './answer.ts';

export type WitnessName = 'capture' | 'journey' | 'rule' | 'state' | 'control';

/** A firewall rule, or a chain's policy, as its owner would list it. */
export interface Rule {
  readonly engine: 'nft' | 'iptables-nft' | 'iptables-legacy' | 'ebtables' | 'arptables';
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly hook: string | null;
  /** Place in its chain, counted from 1 as iptables does; null for a policy. */
  readonly number: number | null;
  /** nft's rule handle. */
  readonly handle: number | null;
  readonly text: string;
  readonly verdict: string;
  /** `docker`, `firewalld`, `ufw`, …, or null: written by hand. */
  readonly owner: string | null;
}

/** Where the kernel threw a packet away. */
export interface Drop {
  /** `NETFILTER_DROP`, `IP_INADDRERRORS`, … of the running kernel's own table. */
  readonly reason: string;
  /** Kernel function without offset. */
  readonly function: string;
  /** Interface the packet was last handed to, and the hop it belongs to when that can be said. */
  readonly device: string | null;
  readonly hop: string | null;
  readonly direction: 'request' | 'reply' | null;
  readonly probe: number;
  readonly at: number;
}

/** One thing that was seen, with the way to see it again. */
export interface Evidence {
  readonly witness: WitnessName;
  /** Hop id, or null when it is about no single hop. */
  readonly at: string | null;
  readonly microseconds: number | null;
  readonly says: string;
  /** Does it agree with the verdict? null: it says nothing about it. */
  readonly agrees: boolean | null;
  readonly rule?: Rule;
  readonly drop?: {
    readonly reason: string;
    readonly function: string;
    /** What the kernel checks there, what decides it and what mends it. */
    readonly means?: string;
  };
  readonly source: Source;
}

/** Something that could not be looked at. */
export interface Unknown {
  readonly what: string;
  readonly because: string;
}

/** Was it ARP or neighbour discovery that a capture heard, beside the probe itself? */
export const isNeighbourTalk = ({ witness, says }: Pick<Evidence, 'witness' | 'says'>): boolean =>
  witness === 'capture' && says.startsWith('neighbour: ');

/** Says it that a chain went on to its policy, where the policy's own verdict is told as well? */
export function goesOnToPolicy({ says }: Evidence, all: readonly Evidence[]): boolean {
  const met = /^(.*): continue$/.exec(says)?.[1];
  return met !== undefined && all.some((other) => other.says !== says && other.says.startsWith(`${met}: `));
}
