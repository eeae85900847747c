/**
 * Begins to compile what Ink lays out by, beside whatever else is to be done before it is drawn: in the bundle that is a part of
 * its own, which Ink shares.
 */
export function beginLayout(): void {
  void import('yoga-layout');
}

/**
 * Resolves when what Ink lays out by stands ready, which in the bundle is some time after Ink was loaded (bin/ink.mjs); as
 * modules of their own, one waits for the other.
 */
export const laidOut = (): Promise<unknown> | undefined =>
  (globalThis as { [LAYOUT]?: Promise<unknown> })[LAYOUT];

const LAYOUT = Symbol.for('netdoctor.layout');
