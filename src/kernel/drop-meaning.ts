/** What is told of one kind of the kernel's drops. */
export interface DropMeaning {
  /** What the kernel checks there, as the second half of a sentence: `the kernel threw it away: …`. */
  readonly checks: string;
  /** State and settings that decide it. */
  readonly decides?: string;
  /** Who usually makes it so. */
  readonly setBy?: string;
  readonly mends?: string;
}

/** By reason (`IP_LOCALNET`), or by function where the reason says nothing (`ip_error`). */
export type DropTable = Readonly<Record<string, DropMeaning>>;
