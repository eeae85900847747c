// Set-up as somebody meets it who lacks something. What it installs is not tested here: that is a machine's work.
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

/** Runs a script as nobody in particular, who has no sudo either. */
function withoutRoot(script: string) {
  const node = ['env', 'PATH=/nowhere', process.execPath, '--input-type=module', '--eval', script];
  const [file = '', ...args] =
    process.getuid?.() === 0
      ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...node]
      : node;
  return execa(file, args, { cwd: root, reject: false });
}

const asking = (packages: object[]) => `
  import { installDebianPackages } from '${root}bin/set-up/debian.mjs';
  import { fail } from '${root}bin/set-up/say.mjs';
  await installDebianPackages(${JSON.stringify(packages)}).catch(fail);
`;

describe('set-up', () => {
  test('says what to type when a package is missing and nobody gave it root', async () => {
    const { exitCode, stderr } = await withoutRoot(
      asking([{ name: 'no-such-package', gives: 'no-such-tool' }]),
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('✗ These Debian packages are missing: no-such-package.');
    expect(stderr).toContain(
      '\nsudo apt-get update && sudo apt-get install -y --no-install-recommends no-such-package',
    );
  });

  test('asks nothing of a machine that has all, wherever it is from', async () => {
    const { exitCode, stderr } = await withoutRoot(asking([{ name: 'no-such-package', gives: '/bin/sh' }]));
    expect([exitCode, stderr]).toEqual([0, 'set-up  Debian packages: all there']);
  });

  test('knows its profiles', async () => {
    const { exitCode, stderr } = await execa('node', ['bin/set-up.mjs', 'everything'], {
      cwd: root,
      reject: false,
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('✗ There is no set-up called “everything”.');
    expect(stderr).toContain('node bin/set-up.mjs test');
  });

  test('needs no installed package to start with', async () => {
    const { stdout } = await execa('grep', ['-rhoE', "from '[^.][^']*'", 'bin/set-up.mjs', 'bin/set-up'], {
      cwd: root,
    });
    const imports = new Set(stdout.split('\n'));
    expect([...imports].filter((line) => !line.includes("'node:"))).toEqual([]);
  });
});
