// Runs the bundle in a folder once, with these words, draws the same as a conversation, and keeps what V8 made of its scripts: of
// those that were run the functions that were called, of all others everything.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import v8 from 'node:v8';
import { Script } from 'node:vm';
import { draw } from './draw.mjs';

const [, , folder, ...words] = process.argv;
const into = path.join(folder, `v8-${process.versions.v8}-${process.arch}`);
/** V8 keeps with its work a sum of the flags that are not as usual, and takes no other's. */
const asUsual = () => {
  for (const flag of ['--hash-seed=0', '--lazy', '--flush-bytecode']) v8.setFlagsFromString(flag);
};
const keep = (name, script) => {
  asUsual();
  writeFileSync(path.join(into, name), script.createCachedData());
};
const scripts = new Map();
let program;
globalThis[Symbol.for('netdoctor.scripts')] = (name, script, whole) => {
  scripts.set(name, script);
  program = whole;
};
process.once('exit', () => {
  mkdirSync(into, { recursive: true });
  for (const [name, script] of scripts) keep(name, script);
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.script') && !scripts.has(name))) {
    v8.setFlagsFromString('--no-lazy');
    keep(name, new Script(readFileSync(path.join(folder, name), 'latin1'), { filename: name }));
  }
});

/** What a script that was run exports by this name. */
const named = (name) => {
  const found = [...program.modules.values()].find(({ exports }) => exports[name] !== undefined);
  if (!found) throw new Error(`nothing that was run exports ${name}`);
  return found.exports[name];
};
const { exit } = process;
process.exit = (code) => {
  process.exit = exit;
  program.part(`./${readdirSync(folder).find((name) => /^tui-.*\.script$/.test(name))}`);
  draw(named, words.at(-1)).then(
    () => exit(code),
    (error) => {
      process.stderr.write(`${error.stack}\n`);
      exit(70);
    },
  );
};

// Nothing that was called is forgotten.
v8.setFlagsFromString('--no-flush-bytecode');
process.argv.splice(1, Number.POSITIVE_INFINITY, path.join(folder, 'netdoctor'), ...words);
await import(path.join(folder, 'main.cjs'));
