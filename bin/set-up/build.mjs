import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { begin, CannotHave, done } from './say.mjs';

const STEP = 'build';
const at = (path) => new URL(`../../${path}`, import.meta.url).pathname;
const stamp = at('dist/.built');

/** Bundles src into dist, unless nothing that goes into it has changed since the last time. */
export async function buildProgram() {
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newestSource()) return done(STEP, 'fresh');
  begin(STEP, 'bundling src into dist');
  const { status, stdout, stderr } = spawnSync(process.execPath, [at('bin/build.mjs')], {
    cwd: at(''),
    encoding: 'utf8',
  });
  if (status !== 0) {
    const said = `${stderr}\n${stdout}`.trim().split('\n').slice(0, 8).join('\n        ');
    throw new CannotHave('The program could not be built.', said, ['node bin/build.mjs']);
  }
  mkdirSync(at('dist'), { recursive: true });
  writeFileSync(stamp, '');
  done(STEP, 'ready');
}

/** When the newest file that the bundle is made of was written, in milliseconds since 1970. */
function newestSource() {
  // What becomes of the sources is decided by programs of bin: any of them, so that none has to be named here.
  const programs = readdirSync(at('bin')).filter((name) => /\.[cm]js$/.test(name));
  const files = ['package.json', 'package-lock.json', ...programs.map((name) => `bin/${name}`)];
  for (const folder of ['src', 'bin/compile'].filter((name) => existsSync(at(name)))) {
    for (const entry of readdirSync(at(folder), { recursive: true })) files.push(`${folder}/${entry}`);
  }
  // A folder's time changes when a file in it is deleted, which no file's own time would show.
  return Math.max(...files.map((file) => statSync(at(file)).mtimeMs));
}
