import type { Rule } from '../model/evidence.ts';

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
}

/** Declares an owner; one file in owners/ each. */
export const owner = (definition: Owner): Owner => definition;
