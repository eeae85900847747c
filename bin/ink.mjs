// No script can wait at its top, as modules of Ink do: for its tools of development, which nobody has here, and for Yoga, by
// which it lays out. In the bundle Yoga is filled in when it stands ready, and whoever draws waits for that: src/tui/laid-out.ts.
import { readFile } from 'node:fs/promises';

const SPACE = 'layout';

export const ink = (root) => ({
  name: 'ink',
  setup(context) {
    context.onResolve({ filter: /^yoga-layout$/ }, ({ path }) => ({ path, namespace: SPACE }));
    context.onLoad({ filter: /.*/, namespace: SPACE }, () => ({
      contents: `
        import { loadYoga } from 'yoga-layout/load';
        export * from 'yoga-layout/load';
        const Yoga = {};
        globalThis[Symbol.for('netdoctor.layout')] = loadYoga().then((own) => Object.assign(Yoga, own));
        export default Yoga;`,
      resolveDir: root,
    }));
    // It carries its program with it, as text: it needs no fetch to read that, which would load all that Node has for HTTP.
    context.onLoad({ filter: /\/yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('typeof fetch', 'typeof undefined'),
    }));
    context.onLoad({ filter: /\/ink\/build\/reconciler\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('isDev()', 'false'),
    }));
  },
});
