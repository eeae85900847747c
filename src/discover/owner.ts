import type { Rule } from '../model/evidence.ts';
import type { Proto } from '../model/flow.ts';

/** What is known of the flow that a rule of the owner's ended or rewrote. */
export interface Met {
  readonly proto: Proto;
  /** The port that was asked for, and the one it has by now. */
  readonly port: number | null;
  readonly realPort: number | null;
  /** Where it goes by now. */
  readonly destination: string;
  /** The interfaces it came in by and was to leave by, as far as they are known. */
  readonly ingress: string | null;
  readonly egress: string | null;
  /** The host's bridge of the path. */
  readonly bridge: string | null;
}

/** Bits of the packet mark that are an owner's own. */
export interface OwnMark {
  readonly value: number;
  readonly mask: number;
  /** What it is, and where it is set to another: `wg-quick's FwMark, in the tunnel's .conf`. */
  readonly is: string;
}

/** A program that writes firewall rules, and how its rules are known by their look. */
export interface Owner {
  readonly name: string;
  /** nft tables that are its own. */
  readonly tables?: RegExp;
  /** Chains that are its own; a rule that only leads into one is its rule too. */
  readonly chains?: RegExp;
  /** A rule's comment. */
  readonly comments?: RegExp;
  /** Rules it writes into chains of others, when their exact form is known. */
  wrote?(rule: Rule): boolean;
  /** Where a person changes such a rule so that it stays changed; one clause, without a full stop. */
  configuredAt(rule: Rule): string;
  /** The owner's own switch for what this rule does to this flow: a sentence; null where it has none. */
  advice?(rule: Rule, met: Met): string | null;
  /** When it writes its rules again, so that a change to them is lost: one clause, behind "writes it again". */
  readonly rewrites?: string;
  readonly marks?: readonly OwnMark[];
}

/** Declares an owner; one file in owners/ each. */
export const owner = (definition: Owner): Owner => definition;
