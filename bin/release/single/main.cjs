// The first code of the single executable. Node runs one CommonJS file; the program's modules are assets beside it, which
// are imported as if they lay in a folder in the executable's place.
'use strict';
const { createRequire, registerHooks } = require('node:module');
const { getAsset, getAssetKeys } = require('node:sea');
const { pathToFileURL } = require('node:url');

const folder = `${pathToFileURL(process.execPath)}/`;
const names = new Set(getAssetKeys());

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context;
    const url =
      /^\.{1,2}\//.test(specifier) && parentURL.startsWith(folder)
        ? new URL(specifier, parentURL).href
        : specifier;
    if (!url.startsWith(folder)) return next(specifier, context);
    return { url, format: url.endsWith('.cjs') ? 'commonjs' : 'module', shortCircuit: true };
  },
  load(url, context, next) {
    if (!url.startsWith(folder)) return next(url, context);
    // Its text, never as an object: what is imported is what was built.
    const source = getAsset(url.slice(folder.length), 'utf8');
    return { source, format: url.endsWith('.cjs') ? 'commonjs' : 'module', shortCircuit: true };
  },
});

// The launcher need not look for the program.
globalThis[Symbol.for('netdoctor.carried')] = true;

const [, , word, part] = process.argv;
const start = word === '--part' && names.has(`dist/${part}.js`) ? `dist/${part}.js` : 'bin/netdoctor.js';
createRequire(folder)(`${folder}bin/start.cjs`)(folder + start);
