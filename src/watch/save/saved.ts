/** What of a watch is in files. */
export interface Saved {
  /** Frames. */
  readonly packets: number;
  readonly files: readonly string[];
  /** Why not all of it was written; null: it was. */
  readonly refused: string | null;
}
