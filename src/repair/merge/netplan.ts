/** netplan's YAML: merged into the document, with its comments and order. */
// Not `await import('yaml')`: in the bundle that has a default export only.
import { parse, parseDocument } from 'yaml';
import type { Merge } from '../merge.ts';

type Plain = { [key: string]: unknown };

const isMap = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `[path, value]` of every leaf of the fragment. */
const leaves = (value: Plain, path: string[] = []): [string[], unknown][] =>
  Object.entries(value).flatMap(([key, inner]) =>
    isMap(inner) ? leaves(inner, [...path, key]) : [[[...path, key], inner] as [string[], unknown]],
  );

export default {
  matches: (file) => /\/netplan\/[^/]+\.ya?ml$/.test(file),
  async merge(before, fragment) {
    const document = parseDocument(before);
    if (document.errors[0]) throw new Error(document.errors[0].message);
    for (const [path, value] of leaves(parse(fragment) as Plain)) {
      const old: unknown = document.getIn(path);
      const present = document.toJS() as Plain;
      const list = path.reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), present);
      if (!Array.isArray(value) || !Array.isArray(list) || old === undefined) document.setIn(path, value);
      else
        for (const one of value)
          if (!list.some((other) => JSON.stringify(other) === JSON.stringify(one))) document.addIn(path, one);
    }
    return document.toString({ lineWidth: 0 });
  },
} satisfies Merge as Merge;
