// Starts the part of the program that lies beside this file by the same name. Each of its scripts is a function that is handed
// what a CommonJS module has; a file holds one, and small ones that it is never without. With them lies what V8 made of them when they were built: V8 itself looks whether that is its
// own work, and else compiles as ever.
'use strict';
const { closeSync, existsSync, openSync, readSync } = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

// The single executable carries the scripts.
const sea = globalThis[Symbol.for('netdoctor.carried')] ? require('node:sea') : undefined;
const compiled = path.join(__dirname, `v8-${process.versions.v8}-${process.arch}`);
const isCompiled = existsSync(compiled);
/** Whoever builds hears of each script. */
const heard = globalThis[Symbol.for('netdoctor.scripts')];
const here = `${pathToFileURL(__dirname)}/`;
const functions = new Map();
const modules = new Map();

/** What was read last: dozens of files that are wanted one after another need no room of their own each. */
let room = Buffer.allocUnsafeSlow(1 << 20);

/** A file's bytes, until the next is read. */
function bytesOf(file) {
  const fd = openSync(file, 'r');
  try {
    for (;;) {
      const length = readSync(fd, room, 0, room.length, 0);
      if (length < room.length) return room.subarray(0, length);
      room = Buffer.allocUnsafeSlow(2 * room.length);
    }
  } finally {
    closeSync(fd);
  }
}

const textOf = (name) =>
  sea ? sea.getAsset(`dist/${name}`, 'utf8') : bytesOf(`${__dirname}/${name}`).latin1Slice();

/**
 * What a script exports, as it stands when the script was run; what only stands when it is first asked for (a package that is
 * loaded late) is looked at each time.
 */
function settled(values, live) {
  for (const name of Object.keys(values))
    if (values[name] === undefined)
      Object.defineProperty(values, name, { get: () => live[name], enumerable: true });
  return Object.defineProperty(values, '__esModule', { value: true });
}

function madeOf(name) {
  try {
    return isCompiled ? bytesOf(`${compiled}/${name}`) : undefined;
  } catch {
    return undefined;
  }
}

function part(wanted) {
  if (!wanted.startsWith('./')) return require(wanted);
  const name = wanted.slice(2);
  const known = modules.get(name);
  if (known) return known.exports;
  const module = { exports: {} };
  modules.set(name, module);
  if (!functions.has(name)) load(name);
  functions.get(name)(part, module, module.exports, here + name, settled);
  return module.exports;
}

function load(file) {
  const script = new Script(textOf(file), { filename: file, cachedData: madeOf(file) });
  heard?.(file, script, { modules, part });
  const own = script.runInThisContext();
  for (const name of Object.keys(own)) if (!functions.has(name)) functions.set(name, own[name]);
}

part(`./${path.basename(__filename, '.cjs')}.script`);
