/**
 * The state of one thing of the machine, as a listing by name. A name that starts with `?` is kept for putting back
 * and not compared: it changes by itself (a learned neighbour, a counter of somebody else's objects).
 */
export type State = Readonly<Record<string, string>>;

export interface Difference {
  /** What differs, in the thing's own words: `net.ipv4.ip_forward`, `routes`. */
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Where `found` is not as `expected`. Only what `expected` lists is compared, so that an interface or chain that came
 * later is nobody's drift; what has vanished reads as ''.
 */
export function differences(expected: State, found: State): Difference[] {
  return Object.entries(expected)
    .filter(([name, value]) => !name.startsWith('?') && value !== (found[name] ?? ''))
    .map(([name, value]) => ({ name, expected: value, found: found[name] ?? '' }));
}

export const same = (expected: State, found: State): boolean => differences(expected, found).length === 0;

/** The non-empty lines of a program's output, without trailing blanks. */
export const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');

/** A listing as one value of a state, and back. */
export const listing = (rows: readonly string[]): string => rows.join('\n');
export const rows = (value: string | undefined): string[] => (value ? value.split('\n') : []);
