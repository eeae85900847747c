// One executable file: Node with the program inside. nodejs.org/api/single-executable-applications.html
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fromNpm } from './from-npm.mjs';
import { innerNode, machines, tool } from './machines.mjs';
import { emptyFolder, out, version } from './places.mjs';
import { run } from './run.mjs';

export const singleName = (arch) => `netdoctor-${version}-linux-${arch}`;

/** Where Node's own file tells that something is inside: constant of Node, written down in the page above. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const from = (name) => new URL(`single/${name}`, import.meta.url).pathname;

/** Which files of the program's folder it carries, by the names that they are asked for. */
function assetsOf(folder, arch) {
  const wanted = (name) =>
    // What V8 made of the scripts is another V8's.
    /^(dist\/(?!v8-)|recipes\/)/.test(name) ||
    name === 'package.json' ||
    /^native\/(SHA256SUMS|versions\.json)$/.test(name) ||
    // Node inside is made for glibc, and for one of V8's interfaces.
    name.startsWith(`native/linux-${arch}-glibc/`);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => wanted(name) && statSync(join(folder, name)).isFile())
    .sort();
  return {
    ...Object.fromEntries(files.map((name) => [name, join(folder, name)])),
    'bin/netdoctor': join(folder, 'bin/netdoctor'),
  };
}

/** The folder of Node's own package. */
export const nodeFor = (arch) => fromNpm(`node-linux-${arch}`, String(innerNode));

/** Files of cap for other Nodes stay out. */
const unneeded = (abi) => (name) => /\/cap-\d+\.node$/.test(name) && !name.endsWith(`/cap-${abi}.node`);

const made = new Map();

/** Makes it, once, and answers its name. */
export function makeSingle(program, arch = 'x64') {
  if (!made.has(arch)) made.set(arch, make(program, arch));
  return made.get(arch);
}

async function make({ folder }, arch) {
  const machine = machines.find((one) => one.arch === arch);
  const node = nodeFor(arch);
  // The blob has neither snapshot nor code cache: it is the same on every machine, and made by a Node that runs here.
  const maker = join(nodeFor(process.arch), 'bin/node');
  const abi = run([maker, '-p', 'process.versions.modules']).trim();
  const work = emptyFolder(`single-${arch}`);
  const skip = unneeded(abi);
  const assets = Object.fromEntries(Object.entries(assetsOf(folder, arch)).filter(([name]) => !skip(name)));
  const blob = join(work, 'blob');
  const settings = {
    main: from('main.cjs'),
    output: blob,
    assets,
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    // NODE_OPTIONS is of whoever called, and must not decide what runs as root.
    execArgvExtension: 'none',
  };
  writeFileSync(join(work, 'sea.json'), JSON.stringify(settings));
  run([maker, '--experimental-sea-config', join(work, 'sea.json')]);
  const file = join(out, singleName(arch));
  rmSync(file, { force: true });
  const program = join(work, 'netdoctor');
  copyFileSync(join(node, 'bin/node'), program);
  chmodSync(program, 0o755);
  // A quarter of Node's file names its functions to debuggers.
  run([tool(machine, 'strip'), program]);
  // Fetched like Node: nobody who does not make a release needs it.
  const { inject } = createRequire(import.meta.url)(
    join(fromNpm('postject', '1.0.0-alpha.6'), 'dist/api.js'),
  );
  await quietly(() => inject(program, 'NODE_SEA_BLOB', readFileSync(blob), { sentinelFuse: FUSE }));
  copyFileSync(program, file);
  chmodSync(file, 0o755);
  return singleName(arch);
}

/** postject lets the library within say on standard output what it makes of Node's notes. */
async function quietly(work) {
  const { log, warn, error } = console;
  Object.assign(console, { log() {}, warn() {}, error() {} });
  try {
    return await work();
  } finally {
    Object.assign(console, { log, warn, error });
  }
}
