// Packages that take long to stand ready, and are asked late or hardly ever: they are loaded when they first are. The one that
// knows how wide a text is makes regular expressions of all emoji and a segmenter, and ASCII needs neither; the one that runs
// programs is large, and a run in which all is well starts none; the one that counts delays is for who watches; Node's own for
// hashes, for HTTP, for programs, sockets and lines, and for files that are waited for are many modules each.

/** By what is imported of them: functions and classes. */
const LATE = new Map([
  ['string-width', ['default']],
  ['execa', ['execa']],
  ['hdr-histogram-js', ['build']],
  ['node:crypto', ['createHash', 'createHmac', 'randomBytes', 'randomInt']],
  ['node:http', ['request']],
  ['node:child_process', ['execFileSync', 'spawn']],
  ['node:net', ['connect', 'Socket']],
  ['node:readline', ['createInterface']],
  ['node:module', ['createRequire']],
  ['node:fs/promises', ['rmdir', 'writeFile']],
]);
const SPACE = 'late-package';

/** A script of its own for each package that is not Node's: its name, and the module that it is made of. */
export const lateScripts = [...LATE]
  .filter(([name]) => !name.startsWith('node:'))
  .map(([name, exports]) => ({
    script: `late-${name}`,
    module: `export { ${exports.join(', ')} } from '${name}';`,
  }));
const SCRIPT = /^\.\/late-[\w-]+\.script$/;

/** Whoever reads the command line is loaded by every call, and starts programs for other programs than this one. */
const isOurs = (importer, kind) =>
  kind === 'import-statement'
    ? !importer.includes('/node_modules/')
    : kind === 'require-call' && importer.includes('/node_modules/commander/');

/**
 * Puts functions that load the package in the place of its exports, wherever our own code imports it.
 * @param apart the packages are scripts that lie beside, and those who load them have nothing of them
 */
export const latePackages = (root, { apart = false } = {}) => ({
  name: 'late-packages',
  setup(context) {
    context.onResolve({ filter: SCRIPT }, ({ path }) => ({ path, external: true }));
    context.onResolve({ filter: /^[\w:/-]+$/ }, ({ path, kind, importer }) =>
      LATE.has(path) && isOurs(importer, kind) ? { path, namespace: SPACE } : undefined,
    );
    const from = (path) => (apart && !path.startsWith('node:') ? `./late-${path}.script` : path);
    // esbuild carries a module that is required so that it is run when it is.
    context.onLoad({ filter: /.*/, namespace: SPACE }, ({ path }) => ({
      contents: `let own; const load = () => (own ??= require(${JSON.stringify(from(path))}));${LATE.get(path)
        .map(
          (name) =>
            `export ${name === 'default' ? 'default function' : `function ${name}`}(...all) { return new.target ? new (load().${name})(...all) : load().${name}(...all); }`,
        )
        .join('')}`,
      resolveDir: root,
    }));
  },
});
