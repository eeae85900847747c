import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { begin, CannotHave, done } from './say.mjs';

const STEP = 'npm packages';
const at = (path) => new URL(`../../${path}`, import.meta.url).pathname;
const stamp = at('node_modules/.netdoctor-set-up');

/** Installs the locked npm packages and makes sure that cap's binary was built for this Node. */
export async function installNpmPackages() {
  const wanted = whatIsWanted();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return done(STEP, 'all there');
  if (!lockedVersionsAreThere()) {
    begin(STEP, 'npm ci, which downloads them');
    npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci failed.');
  }
  if (!capLoads()) {
    begin(STEP, 'compiling cap, the binding to libpcap');
    npm(['rebuild', 'cap', '--foreground-scripts', '--loglevel=error'], 'cap could not be compiled.');
    if (!capLoads()) throw capMissing();
  }
  writeFileSync(stamp, wanted);
  done(STEP, 'ready');
}

/** The lock file's content, not its time: a checkout sets times anew. The ABI: cap is built for one of Node's. */
function whatIsWanted() {
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  return `${lock} abi ${process.versions.modules}\n`;
}

/** npm keeps its own list of what it put into node_modules; those for other systems are not in it. */
function lockedVersionsAreThere() {
  const list = at('node_modules/.package-lock.json');
  if (!existsSync(list)) return false;
  const locked = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  const there = JSON.parse(readFileSync(list, 'utf8')).packages;
  return Object.entries(locked).every(
    ([path, entry]) => path === '' || entry.optional || there[path]?.version === entry.version,
  );
}

function capLoads() {
  // In a process of its own: a binary built for another Node takes the process with it when it is loaded.
  const { status } = spawnSync(process.execPath, ['-e', "require('cap')"], { cwd: at(''), stdio: 'ignore' });
  return status === 0;
}

function npm(args, failure) {
  const env = { ...process.env };
  // node-gyp would download Node's headers; where they lie beside this Node it need not.
  const prefix = new URL('..', `file://${process.execPath}`).pathname;
  if (existsSync(`${prefix}include/node/node.h`)) env.npm_config_nodedir = prefix;
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: at(''),
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  const said = `${stderr ?? ''}\n${stdout ?? ''}`.split('\n').filter((line) => !line.startsWith('npm warn'));
  throw new CannotHave(failure, said.slice(0, 6).join('\n        ').trim(), [
    args[0] === 'rebuild' ? 'npm rebuild cap --foreground-scripts' : 'npm ci',
  ]);
}

function capMissing() {
  return new CannotHave(
    'cap, the binding to libpcap, was installed without its binary.',
    'npm blocks install scripts that are not allowed, or the compiler did not find libpcap’s headers.',
    ['npm rebuild cap --foreground-scripts --allow-scripts=cap'],
  );
}
