import type { Evidence, Rule } from './evidence.ts';
import type { Facts, Need } from './facts.ts';
import type { Fix } from './fix.ts';
import type { Place } from './place.ts';
import type { Scene } from './scene.ts';

/** What a cause says when the evidence speaks for it. */
export interface Claim {
  /** `proved`: a witness saw it happen. `supported`: the state explains the place, and nothing speaks against it. */
  readonly sure: 'proved' | 'supported';
  readonly what: string;
  readonly why: string;
  readonly do: string;
  readonly owner?: string | null;
  /** The firewall rule that it names: its owner's own switch is told beside it. */
  readonly rule?: Rule;
  readonly fixes?: readonly Fix[];
  /** Where the search that the packets wait for was seen to end, when that is what it tells of. */
  readonly place?: Place;
  /** State it rests on, each with the command that shows it. */
  readonly evidence?: readonly Evidence[];
}

/** One id of the vocabulary: what it means, what it needs, how it is recognised. */
export interface Cause<N extends Need = Need> {
  readonly id: string;
  readonly title: string;
  /** For `netdoctor explain`: what it is, how it comes about, how to see it; plain text, paragraphs by blank lines. */
  readonly explain: string;
  readonly needs: readonly N[];
  /**
   * Reasons and functions of the drops that it can bring about, where its own examination does not look at them: a packet
   * that was seen to end otherwise was not ended by it.
   */
  readonly explains?: RegExp;
  /** What it says would hold for this host's own probe too: where that one is answered, it is not proved. */
  readonly forEverybody?: true;
  /**
   * Does it say no more than that nothing came back? Then the answer is listened for a while longer, before it is said; and it is
   * not said where an answer may have come that nobody could see.
   */
  readonly ofSilence?: true;
  /** Causes that give way to this one where both are claimed: this is the more specific. */
  readonly over?: readonly string[];
  /**
   * The cause that this one is, said of one protocol: whatever is more specific than that is so than this one too, but for
   * what this one says that it is over, and for its other forms.
   */
  readonly formOf?: string;
  /** May it tell data from the handshake that went the same way before, by more than its addresses and ports? */
  readonly ofData?: boolean;
  /** Is it about connections that the target's programs have, beside a probe that was answered? */
  readonly ofSockets?: boolean;
  examine(scene: Scene & Pick<Facts, N>): Claim | null;
  /**
   * Where a need is missing: does what was seen leave it open? Whatever would give way to it is then not named, since less
   * evidence may mean no other cause.
   */
  possible?(scene: Scene): boolean;
  /**
   * What it sees beside probes that were answered, and will bite: a warning. Its needs are then gathered in every
   * healthy run: none that starts a program.
   */
  warns?(scene: Scene & Pick<Facts, N>): Claim | null;
}

/** Declares a cause: only what it needs is in the scene it is shown. */
export const cause = <const N extends Need>(definition: Cause<N>): Cause<N> => definition;

export interface Finding {
  readonly cause: string;
  readonly severity: 'fatal' | 'warning' | 'note';
  readonly what: string;
  readonly why: string;
  readonly do: string;
  readonly owner: string | null;
  readonly fixes: readonly (Fix & { readonly id: string })[];
}
