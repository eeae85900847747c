/** Files of lines and sections (networkd drop-ins, interfaces.d): what is new is added at the end. */
import type { Merge } from '../merge.ts';

export default {
  matches: (file) => /\/(interfaces|interfaces\.d\/[^/]+|[^/]+\.network(\.d\/[^/]+\.conf)?)$/.test(file),
  merge: (before, fragment) =>
    before.includes(fragment.trim()) ? before : `${before.replace(/\n*$/, '\n')}\n${fragment.trim()}\n`,
} satisfies Merge as Merge;
