// What the machine is asked by sockets is one part of the program, which is loaded when the first of it is called: a first frame,
// and most commands, need none of it.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Who imports them, and which of what is imported there. */
const IMPORTER = 'src/host/local.ts';
const LATE = /^\.\/sockets\//;
const IMPORTS = /import \{([^}]+)\} from '(\.[^']+)';/g;
const [STUB, WHOLE] = ['late-part', 'late-parts'];
const NAME = 'sockets';

/** Puts functions that load them in the place of what is imported. */
export const lateParts = (root) => ({
  name: 'late-parts',
  setup(context) {
    const importer = path.join(root, IMPORTER);
    const here = path.dirname(importer);
    const imported = async () =>
      [...(await readFile(importer, 'utf8')).matchAll(IMPORTS)]
        .filter(([, , from]) => LATE.test(from))
        .map(([, names, from]) => ({ from, names: names.split(',').map((name) => name.trim()) }));
    context.onResolve({ filter: LATE }, (asked) =>
      asked.importer === importer && asked.kind === 'import-statement'
        ? { path: asked.path, namespace: STUB }
        : undefined,
    );
    context.onLoad({ filter: /.*/, namespace: STUB }, async ({ path: from }) => ({
      contents: (await imported())
        .filter((one) => one.from === from)
        .flatMap(({ names }) => names)
        .map(
          (name) =>
            `export function ${name}(...all) { return $atOnce(() => import('${WHOLE}:${NAME}')).${name}(...all); }`,
        )
        .join('\n'),
      resolveDir: here,
    }));
    context.onResolve({ filter: new RegExp(`^${WHOLE}:`) }, () => ({ path: NAME, namespace: WHOLE }));
    context.onLoad({ filter: /.*/, namespace: WHOLE }, async () => ({
      contents: (await imported())
        .map(({ names, from }) => `export { ${names.join(', ')} } from '${from}';`)
        .join('\n'),
      resolveDir: here,
      loader: 'ts',
    }));
  },
});

const WAITING = /\$atOnce\(\(\)=>Promise\.resolve\(\)\.then\(\(\)=>__toESM\d*\((require\("[^"]+"\))\)\)\)/g;

/**
 * In a script, where every `import()` is a `require` that is called later: those that stand in `$atOnce` are called at once.
 * @throws Error where one is written otherwise
 */
export function atOnce(code) {
  const made = code.replaceAll(WAITING, '$1');
  if (made.includes('$atOnce')) throw new Error('a part that is had at once is not loaded as it was');
  return made;
}
