import type { Tracked, Tuple } from '../../model/facts.ts';
import { plain } from '../../words/text.ts';

function tupleOf(fields: readonly (readonly [string, string])[]): Tuple {
  const value = (name: string) => fields.find(([key]) => key === name)?.[1];
  const port = (name: string) => (value(name) === undefined ? null : Number(value(name)));
  return {
    source: value('src') ?? '',
    destination: value('dst') ?? '',
    sourcePort: port('sport'),
    destinationPort: port('dport'),
  };
}

/**
 * A line of `conntrack -L`, or of /proc/net/nf_conntrack (which begins with the address family and its number).
 * The original tuple comes first, the reply's begins at the second `src=`. Null for what is no entry.
 */
export function parseTracked(line: string): Tracked | null {
  const words = plain(line)
    .replace(/^ipv[46]\s+\d+\s+/, '')
    .trim()
    .split(/\s+/);
  const fields = words.flatMap((word): [string, string][] => {
    const [key, value] = word.split('=');
    return value === undefined ? [] : [[key!, value]];
  });
  const second = fields.findIndex(([key], index) => key === 'src' && index > 0);
  if (fields[0]?.[0] !== 'src' || second < 0) return null;
  return {
    proto: words[0]!,
    original: tupleOf(fields.slice(0, second)),
    reply: tupleOf(fields.slice(second)),
    flags: words.filter((word) => /^\[[A-Z_]+\]$/.test(word)).map((word) => word.slice(1, -1)),
    text: words.join(' '),
  };
}

export const parseTable = (text: string): Tracked[] =>
  text.split('\n').flatMap((line) => {
    const tracked = parseTracked(line);
    return tracked ? [tracked] : [];
  });
