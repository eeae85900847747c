// Which modules stand loaded whenever a part of the program is loaded later, so that few files hold them.
//
// esbuild gives every set of entry points that share modules a file of its own, and takes each `import()` for an entry
// point. What was loaded before a part in any case is therefore imported by that part too: nothing more is loaded, and
// all of it belongs to one set.
import path from 'node:path';

const STATIC = new Set(['import-statement', 'require-call']);
const LATER = new Set(['dynamic-import']);

/**
 * Absolute path of a module that is imported later → the absolute paths of our own modules that are loaded by then.
 * Packages may say that they are not to be imported for themselves alone.
 * @param metafile esbuild's account of the bundle @param root what its paths are relative to
 * @param processes the modules that processes begin with
 */
export function alreadyLoaded({ inputs }, root, processes) {
  const { before } = loading(inputs, processes);
  const whole = (file) => path.join(root, file);
  return new Map(
    [...before]
      .filter(([part]) => !processes.includes(part))
      .map(([part, stand]) => [
        whole(part),
        [...stand].filter((file) => file.startsWith('src/') && !processes.includes(file)).map(whole),
      ]),
  );
}

/**
 * What is loaded with a file, `closure`, and what was by all who load it later, `before`: by what each imports.
 * @param files esbuild's account of its inputs, or outputs
 */
export function loading(files, processes) {
  const imported = (from, kinds) =>
    files[from].imports.filter((one) => kinds.has(one.kind) && files[one.path]).map((one) => one.path);
  const closures = new Map();
  const closure = (from) => {
    if (!closures.has(from)) {
      const seen = new Set([from]);
      for (const one of seen) for (const next of imported(one, STATIC)) seen.add(next);
      closures.set(from, seen);
    }
    return closures.get(from);
  };
  const parts = [...new Set(Object.keys(files).flatMap((one) => imported(one, LATER)))];
  const importersOf = (part) =>
    [...processes, ...parts].filter((from) =>
      [...closure(from)].some((module) => imported(module, LATER).includes(part)),
    );
  const importers = new Map(parts.map((part) => [part, importersOf(part)]));
  // Whoever imports it: what they all have loaded. Begins with too much, and loses until nothing changes.
  const before = new Map(processes.map((one) => [one, new Set()]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const part of parts) {
      const stand = importers
        .get(part)
        .filter((from) => before.has(from))
        .map((from) => new Set([...before.get(from), ...closure(from)]));
      if (stand.length === 0) continue;
      const [first, ...others] = stand;
      const all = new Set([...first].filter((module) => others.every((one) => one.has(module))));
      changed ||= all.size !== before.get(part)?.size;
      before.set(part, all);
    }
  }
  return { closure, before };
}
