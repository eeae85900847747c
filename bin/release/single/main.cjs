// The first code of the single executable. Node runs one CommonJS file; the program's other modules are assets beside it,
// which are run as if they lay in a folder in the executable's place.
'use strict';
const { createRequire } = require('node:module');
const path = require('node:path');
const { getAsset, getAssetKeys } = require('node:sea');
const { compileFunction } = require('node:vm');

const folder = `${process.execPath}/`;
const names = new Set(getAssetKeys());
/** For what it does not carry: Node's own, and native files that were unpacked. */
const elsewhere = createRequire(folder);
const HANDED = ['exports', 'require', 'module', '__filename', '__dirname'];

function load(name) {
  const filename = path.join(folder, name);
  const module = { exports: {} };
  const near = (wanted) =>
    /^\.{1,2}\//.test(wanted) ? load(path.join(path.dirname(name), wanted)) : elsewhere(wanted);
  // Its text, never as an object: what is run is what was built.
  const text = getAsset(name, 'utf8').replace(/^#!.*/, '');
  compileFunction(text, HANDED, { filename })(module.exports, near, module, filename, path.dirname(filename));
  return module.exports;
}

// The launcher need not look for the program.
globalThis[Symbol.for('netdoctor.carried')] = true;

const [, , word, part] = process.argv;
load(word === '--part' && names.has(`dist/${part}.cjs`) ? `dist/${part}.cjs` : 'bin/netdoctor');
