/** Reading what iproute2 prints with `-j`. */

export type Fields = Readonly<Record<string, unknown>>;

export const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

export const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fields) : []);

export const words = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : [];

/** The tunnel of a route stands between its other words, and names a second `dst`: print_encap_ip() of ip/iproute_lwtunnel.c. */
const ENCAP = /"encap":"(ip6?)","id":(\d+),"src":"([^"]*)","dst":"([^"]*)"/g;

/**
 * Parses one document of iproute2. Its writer escapes `'` as `\'` in some versions and leaves control characters of
 * interface names and aliases as they are, which JSON forbids: both are put right before giving up. Line breaks and tabs
 * are its own layout too.
 * @throws SyntaxError when it is no JSON even then.
 */
export function parseJson(document: string): unknown {
  const told = document.replace(ENCAP, '"encap":"$1","tunnel":{"id":$2,"src":"$3","dst":"$4"}');
  try {
    return JSON.parse(told);
  } catch {
    return JSON.parse(
      told
        .replace(/\\(\\|')/g, (whole, character) => (character === "'" ? "'" : whole))
        .replace(/[\u0000-\u001f]/g, (c) =>
          /[\n\t]/.test(c) ? ' ' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
        ),
    );
  }
}

/** The array that a single `ip -j`, `tc -j` or `bridge -j` prints; nothing at all is an empty one. */
export const parseList = (document: string): readonly Fields[] =>
  document.trim() === '' ? [] : list(parseJson(document));
