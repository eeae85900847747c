/** The diagnosis as contract.md's document; the JSON Schema is published from output/schema. */
import type { Finding } from './cause.ts';
import type { Evidence, Unknown } from './evidence.ts';
import type { Family, Origin, Proto } from './flow.ts';
import type { LookUpDocument } from './look-up.ts';
import type { Where } from './path.ts';
import type { Direction } from './sighting.ts';

export type Status = 'healthy' | 'fault' | 'undecided';

export interface PathEntry {
  readonly id: string;
  readonly name: string;
  readonly where: Where;
  readonly kind: string;
  readonly ifindex: number;
  readonly addresses: readonly string[];
  readonly mtu: number;
  readonly up: boolean;
  /** No part of the line: packets of the flow may leave by it too, as by another next hop of a multipath route. */
  readonly beside?: true;
  readonly captured: boolean;
  readonly request: number | null;
  readonly reply: number | null;
}

/** What became of one address of a name. */
export interface AddressVerdict {
  readonly address: string;
  readonly family: Family;
  readonly status: Status;
  readonly cause: string | null;
  /** Whose it is, where its runtime tells: `container web2`, `service web (virtual address)`. */
  readonly bearer?: string;
}

export interface Repair {
  readonly fix: string;
  readonly journal: string;
  readonly before: Status;
  readonly after: Status;
  readonly kept: boolean;
  /** Why it was taken back although something had become better. */
  readonly because?: string;
}

export interface Diagnosis {
  readonly schema: 'netdoctor/diagnosis/1';
  readonly target: {
    readonly runtime: string;
    readonly name: string;
    readonly id: string | null;
    readonly pid: number | null;
    readonly namespace: number;
  };
  readonly flow: {
    readonly from: Origin;
    readonly source?: string;
    readonly to: string;
    readonly address: string;
    readonly proto: Proto;
    readonly port: number | null;
    readonly family: Family;
  };
  readonly status: Status;
  readonly cause: string | null;
  readonly direction: Direction | null;
  readonly between: readonly [string | null, string | null] | null;
  readonly partial: boolean;
  readonly path: readonly PathEntry[];
  readonly evidence: readonly Evidence[];
  readonly findings: readonly Finding[];
  readonly repairs: readonly Repair[];
  readonly unknown: readonly Unknown[];
  /** Verdicts of the other addresses that were looked at, and of the servers of a name. */
  readonly families?: readonly Diagnosis[];
  /** Each address of a name that has several, in the order in which a program gets them. */
  readonly addresses?: readonly AddressVerdict[];
  /** How the name was looked up. */
  readonly lookUp?: LookUpDocument;
  /** One sentence: where it stops and why. */
  readonly summary: string;
  readonly sent: number;
  readonly answered: number;
  readonly milliseconds: {
    readonly total: number;
    readonly discover: number;
    readonly arm: number;
    readonly probe: number;
    readonly judge: number;
  };
}
