// Packages that take long to stand ready and are hardly ever asked: they are loaded when they first are. The one that knows how
// wide a text is makes regular expressions of all emoji and a segmenter, which is a tenth of every start, and ASCII needs neither.

const LATE = new Set(['string-width']);
const SPACE = 'late-package';

/** Puts a function that loads the package in the place of its only export, wherever our own code imports it. */
export const latePackages = (root) => ({
  name: 'late-packages',
  setup(context) {
    context.onResolve({ filter: /^[\w-]+$/ }, ({ path, kind, importer }) =>
      LATE.has(path) && kind === 'import-statement' && !importer.includes('/node_modules/')
        ? { path, namespace: SPACE }
        : undefined,
    );
    // esbuild carries a module that is required so that it is run when it is.
    context.onLoad({ filter: /.*/, namespace: SPACE }, ({ path }) => ({
      contents: `let own; export default (...all) => (own ??= require(${JSON.stringify(path)}).default)(...all);`,
      resolveDir: root,
    }));
  },
});
