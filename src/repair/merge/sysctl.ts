/** sysctl.d(5): a key that is there gets its new value in its place; others are added at the end. */
import type { Merge } from '../merge.ts';

const LINE = /^\s*-?\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/;
/** `net/ipv4/ip_forward` and `net.ipv4.ip_forward` are one key. */
const canonical = (key: string): string => (/^[^.]*\//.test(key) ? key.replaceAll('/', '.') : key);

const settings = (text: string): [string, string][] =>
  text.split('\n').flatMap((line) => {
    const match = LINE.exec(line);
    return match ? [[canonical(match[1] ?? ''), match[2] ?? '']] : [];
  });

export default {
  matches: (file) => /\/sysctl\.(conf|d\/[^/]+\.conf)$/.test(file),
  merge(before, fragment) {
    const wanted = new Map(settings(fragment));
    const placed = new Set<string>();
    const kept = before.split('\n').map((line) => {
      const key = canonical(LINE.exec(line)?.[1] ?? '');
      const value = wanted.get(key);
      if (value === undefined) return line;
      placed.add(key);
      return LINE.exec(line)?.[2] === value ? line : `${key} = ${value}`;
    });
    const added = [...wanted].filter(([key]) => !placed.has(key)).map(([key, value]) => `${key} = ${value}`);
    if (added.length === 0) return kept.join('\n');
    return `${kept.join('\n').replace(/\n*$/, '\n')}${added.join('\n')}\n`;
  },
} satisfies Merge as Merge;
