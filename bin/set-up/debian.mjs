import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { begin, CannotHave, done } from './say.mjs';

const STEP = 'Debian packages';
// dpkg-query's own placeholders, not a template of ours.
const NAME_AND_STATUS = '$' + '{Package} $' + '{db:Status-Status}\\n';

/** Installs what is missing of the packages asked for, by apt-get; nothing is missing: starts no program. */
export async function installDebianPackages(packages) {
  const missing = namesInstalledElsewhere(packages.filter((entry) => !isThere(entry.gives)));
  if (missing.length === 0) return done(STEP, 'all there');
  if (!existsSync('/usr/bin/apt-get')) throw notDebian(missing);

  const asRoot = waysToRoot(missing);
  begin(STEP, 'fetching the package lists (apt-get update)');
  apt(asRoot, ['update', '-qq'], missing);
  const names = missing.map((entry) => nameHere(entry)).filter(unique);
  begin(STEP, `installing ${names.join(' ')}, which may take minutes`);
  apt(asRoot, ['install', '-y', '-qq', '--no-install-recommends', ...names], missing);
  done(STEP, `${names.length} installed`);
}

/** A package can be installed without the file that we look for, where its files lie elsewhere. */
function namesInstalledElsewhere(absent) {
  if (absent.length === 0) return [];
  const names = absent.map((entry) => entry.name);
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', NAME_AND_STATUS, ...names], {
    encoding: 'utf8',
  });
  const installed = new Set((stdout ?? '').split('\n').filter((line) => line.endsWith(' installed')));
  return absent.filter((entry) => !installed.has(`${entry.name} installed`));
}

function isThere(file) {
  if (file.startsWith('/')) return existsSync(file);
  // An ordinary user's PATH lacks the sbin folders, where most of the network's tools live.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, file)));
}

/** The name that this release of Debian uses for a package which it once kept inside another. */
function nameHere(entry) {
  if (entry.orElse === undefined) return entry.name;
  const { status, stdout } = spawnSync('apt-cache', ['show', '--no-all-versions', entry.name], {
    encoding: 'utf8',
  });
  return status === 0 && stdout !== '' ? entry.name : entry.orElse;
}

function waysToRoot(missing) {
  if (process.getuid() === 0) return [];
  if (spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0)
    return ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND'];
  throw new CannotHave(
    `These Debian packages are missing: ${missing.map((entry) => entry.name).join(' ')}.`,
    'Installing them needs root, and sudo asks for a password here.',
    [byHand(missing, 'sudo ')],
  );
}

function apt(asRoot, args, missing) {
  const argv = [...asRoot, 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args];
  const { status, stdout, stderr } = spawnSync(argv[0], argv.slice(1), {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-4).join('\n        ');
  throw new CannotHave(`apt-get ${args[0]} failed.`, said, [
    byHand(missing, asRoot.length > 0 ? 'sudo ' : ''),
  ]);
}

function notDebian(missing) {
  return new CannotHave(
    `These tools are missing: ${missing.map((entry) => entry.gives).join(', ')}.`,
    'This system has no apt-get, so set-up cannot install them.',
    [
      `# with your own package manager, the packages Debian calls: ${missing.map((entry) => entry.name).join(' ')}`,
    ],
  );
}

function byHand(missing, sudo) {
  const names = missing.map((entry) => entry.orElse ?? entry.name).filter(unique);
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${names.join(' ')}`;
}

function unique(name, index, all) {
  return all.indexOf(name) === index;
}
