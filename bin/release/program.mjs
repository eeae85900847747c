// What every form of netdoctor has inside: the bundle, recipes, the manual page, completions, terms.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleProgram } from '../bundle.mjs';
import { CannotHave } from '../set-up/say.mjs';
import { noticeOf } from './notice.mjs';
import { about, emptyFolder, root } from './places.mjs';

const SHELLS = { bash: 'netdoctor.bash', zsh: '_netdoctor', fish: 'netdoctor.fish' };

/** What npm is told: nothing to fetch, nothing to run. */
export const manifest = () => ({
  ...Object.fromEntries(
    ['name', 'version', 'description', 'type', 'license', 'engines', 'os', 'bin'].map((key) => [
      key,
      about[key],
    ]),
  ),
  cpu: ['x64', 'arm64'],
  man: ['man/netdoctor.8'],
});

/**
 * Answers a folder that can be run where it lies, and esbuild's account of the bundle.
 * @param native a folder of native files @param terms texts about what is in those @param folder empty, filled by this
 */
export async function assemble(native, terms, folder = emptyFolder('program')) {
  // By this the program finds its folder.
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  const metafile = await bundleProgram(join(folder, 'dist'));
  for (const name of ['recipes', 'LICENSE', 'README.md', 'CHANGELOG.md'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  cpSync(native, join(folder, 'native'), { recursive: true });
  for (const name of ['bin', 'man', 'completions']) mkdirSync(join(folder, name));
  for (const name of ['bin/netdoctor', 'bin/package.json'])
    copyFileSync(join(root, name), join(folder, name));
  chmodSync(join(folder, 'bin/netdoctor'), 0o755);
  copyFileSync(join(root, 'docs/netdoctor.8'), join(folder, 'man/netdoctor.8'));
  writeFileSync(join(folder, 'NOTICE'), noticeOf(metafile, terms));
  for (const [shell, file] of Object.entries(SHELLS))
    writeFileSync(join(folder, 'completions', file), completion(folder, shell));
  return { folder, metafile };
}

function completion(folder, shell) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'bin/netdoctor'), 'completion', shell],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new CannotHave('The bundle does not run.', stderr.trim());
  return stdout;
}
