// Modules of the bundle as scripts: V8 keeps what it made of a script, and Node 20 gives no way to keep that of a module.
import { transform } from 'esbuild';

/**
 * The same as a function of what a CommonJS module has; every `import()` of it is a `require` that is called later.
 * @param text a module as esbuild writes it @param sourcemap with a map, where the text has its own at its end
 */
export async function asScript(text, sourcemap) {
  const { code, map } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    banner: "(function (require, module, exports, $url) { 'use strict';",
    footer: '})',
    // Read by bytes.
    charset: 'ascii',
    minifySyntax: true,
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
    sourcemap: sourcemap ? 'external' : false,
  });
  return { code, map };
}
