// No script can wait at its top, as modules of Ink do: for its tools of development, which nobody has here, and for Yoga, by
// which it lays out. In the bundle Yoga is filled in when it stands ready, and whoever draws waits for that: src/tui/laid-out.ts.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const SPACE = 'layout';
const WIDTH = 'width';
const SEGMENTING =
  /\/node_modules\/(slice-ansi|@alcalzone\/ansi-tokenize|wrap-ansi\/node_modules\/string-width)\/.*\.js$/;

/** Shows where another component has failed. */
const FAILURES = /^\.\/ErrorOverview\.js$/;
const SELDOM = 'seldom';
/** They ask a clock of Node's that loads all that Node measures. */
const TIMING = /\/(scheduler\.production|ink\/build\/ink)\.js$/;

/** CommonJS that every component imports: each would be given a copy of all that it exports. */
const SHARED = /^react(-reconciler)?(\/(jsx-runtime|constants\.js))?$/;
const ONCE = 'once';
/** How Yoga makes bytes of its program: a character at a time. */
const DECODING =
  /var (\w)=\w+\((\w\.slice\(\d+\))\),(\w)=new Uint8Array\(\1\.length\);for\(\w=0;\w<\1\.length;\+\+\w\)\3\[\w\]=\1\.charCodeAt\(\w\);/;

/** The folder of the package that a file belongs to. */
const packageOf = (file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];

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
      contents: (await readFile(path, 'utf8'))
        .replaceAll('typeof fetch', 'typeof undefined')
        .replace(DECODING, "var $3=Buffer.from($2,'base64');"),
    }));
    context.onResolve({ filter: SHARED }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: ONCE } : undefined,
    );
    context.onLoad({ filter: SHARED, namespace: ONCE }, ({ path }) => {
      const names = Object.keys(createRequire(`${root}/package.json`)(path)).filter(
        (name) => name !== 'default',
      );
      return {
        contents: `const own = require(${JSON.stringify(path)});
          export default own;
          export const { ${names.join(', ')} } = own;`,
        resolveDir: root,
      };
    });
    context.onLoad({ filter: /\/ink\/build\/reconciler\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('isDev()', 'false'),
    }));
    // The same of those that make an Intl.Segmenter each, which takes 10 ms, and ask it for every frame.
    context.onLoad({ filter: SEGMENTING }, async ({ path }) => ({
      contents: `import { Segmenter } from ${JSON.stringify(`${root}/src/output/line/segmenter.ts`)};
        ${(await readFile(path, 'utf8')).replaceAll('new Intl.Segmenter(', 'new Segmenter(')}`,
    }));
    // What is loaded for it makes lists of all of Node's modules.
    context.onResolve({ filter: FAILURES }, ({ path, kind, resolveDir }) =>
      kind === 'import-statement' ? { path, namespace: SELDOM, pluginData: resolveDir } : undefined,
    );
    context.onLoad({ filter: FAILURES, namespace: SELDOM }, ({ path, pluginData: resolveDir }) => ({
      contents: `export default (...all) => require(${JSON.stringify(path)}).default(...all);`,
      resolveDir,
    }));
    // It starts programs where no stream tells the size of the terminal.
    context.onResolve({ filter: /^node:child_process$/ }, ({ path, kind, importer }) =>
      kind === 'import-statement' && importer.includes('/terminal-size/')
        ? { path, namespace: SELDOM }
        : undefined,
    );
    context.onLoad({ filter: /^node:/, namespace: SELDOM }, ({ path }) => ({
      contents: `export const execFileSync = (...all) => require(${JSON.stringify(path)}).execFileSync(...all);`,
      resolveDir: root,
    }));
    // Node's own for assertions is many modules, and this is the one that is made.
    context.onLoad({ filter: /\/signal-exit\/index\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(
        "require('assert')",
        '{ equal(is, wanted, why) { if (is !== wanted) throw new TypeError(why); } }',
      ),
    }));
    context.onLoad({ filter: TIMING }, async ({ path }) => ({
      contents: `const clock = { now() { const [seconds, rest] = process.hrtime(); return seconds * 1e3 + rest / 1e6; } };
        ${(await readFile(path, 'utf8')).replace(/\bperformance\b/g, 'clock')}`,
    }));
    // What Ink measures is what netdoctor draws: the package that knows how wide every text is, is loaded for others alone. A
    // package that has its own version of it keeps that.
    context.onResolve({ filter: /^string-width$/ }, ({ path, importer }) => {
      const owner = packageOf(importer);
      const shares = owner !== undefined && !existsSync(`${owner}/node_modules/string-width`);
      return shares ? { path, namespace: WIDTH } : undefined;
    });
    context.onLoad({ filter: /.*/, namespace: WIDTH }, () => ({
      contents: `
        import width from 'string-width';
        import { isNarrow } from './src/output/line/width.ts';
        export default (text, options) => {
          const shown = typeof text === 'string' ? text.replace(/\\u001b\\[[\\d;]*m/g, '') : '';
          return options === undefined && isNarrow(shown) ? shown.length : width(text, options);
        };`,
      resolveDir: root,
    }));
  },
});
