/** User-Mode Linux of Debian's source: the whole kernel is one program of this machine, and quicker than an emulator. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { runApart } from '../../lab/apart.ts';
import { inScratch } from '../../lab/scratch.ts';
import { cache } from '../cache.ts';
import { guest, STILL } from '../guest.ts';
import type { Kernel } from '../kernels.ts';
import { lacking } from '../lacking.ts';
import { mirrorOf } from '../mirror.ts';
import { NotHad } from '../not-had.ts';

const CONFIG = join(import.meta.dirname, 'uml.config');
const INSIDE = join(import.meta.dirname, '../inside');
/** Where 5.10, which has no overlay on this root, is written to. */
const WRITABLE = ['/tmp', '/var/tmp', '/var/lib/netdoctor', '/var/lib/docker', '/etc/netns'];

export default guest({
  name: 'uml',
  about: 'User-Mode Linux of Debian’s source of the kernel',
  timeout: 40,
  async ready(kernel, tell) {
    const program = await built(kernel, tell);
    return {
      async run(script, out, minutes) {
        writeFileSync(join(out, 'run'), script);
        await boot(program, kernel, out, minutes);
      },
    };
  },
});

async function built({ name, suite }: Kernel, tell: (what: string) => void): Promise<string> {
  const program = join(cache('uml'), `linux-${name}`);
  if (existsSync(program)) return program;
  const tool = await lacking(['flex', 'bison', 'bc', 'gcc', 'make', 'xz']);
  if (tool !== undefined)
    throw new NotHad(`building a kernel wants ${tool} (apt-get install flex bison bc gcc make xz-utils)`);
  const mirror = await mirrorOf(suite);
  const source = `linux-source-${name}`;
  tell(`fetching ${source} of ${suite}`);
  const deb = await mirror.fetch(source);
  const tree = join(cache('src'), name);
  if (!existsSync(join(tree, 'Makefile'))) {
    const packed = mkdtempSync(join(cache('src'), 'packed-'));
    await execa('dpkg-deb', ['-x', deb, packed]);
    mkdirSync(tree, { recursive: true });
    await execa('tar', ['-xf', join(packed, `usr/src/${source}.tar.xz`), '-C', tree, '--strip-components=1']);
    rmSync(packed, { recursive: true });
  }
  const build = async (...argv: [string, ...string[]]): Promise<void> => {
    const { failed, stderr } = await execa('nice', argv, { cwd: tree, reject: false });
    if (failed) throw new NotHad(`${name} cannot be built here: ${firstError(stderr)}`);
  };
  const make = (...words: string[]) => build('make', '-s', 'ARCH=um', ...words);
  tell(`building User-Mode Linux ${name}: a quarter of an hour of one processor`);
  await make('defconfig');
  await build('./scripts/kconfig/merge_config.sh', '-m', '.config', CONFIG);
  await make('olddefconfig');
  await make(`-j${process.env.JOBS ?? cpus().length}`, 'linux');
  await execa('strip', ['-s', '-o', `${program}.part`, join(tree, 'linux')]);
  renameSync(`${program}.part`, program);
  rmSync(tree, { recursive: true });
  return program;
}

/** What a compiler or make complained of first: the rest follows from it. */
const firstError = (said: string): string =>
  said.split('\n').find((line) => /error|\*\*\*|not found/i.test(line)) ??
  said.trim().split('\n').at(-1) ??
  '';

/**
 * The last of the processors that this process may run on. A guest has one, and its programs take turns with its kernel at
 * every system call: from one processor to another that takes twice as long and more. taskset(1)
 */
const oneProcessor = (): string =>
  /^Cpus_allowed_list:.*?(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';

/**
 * It is a process of this machine, so it gets a mount namespace in which only two folders can be written to, and a network
 * namespace with nothing in it.
 */
const boot = (program: string, { bare }: Kernel, out: string, minutes: number): Promise<void> =>
  inScratch('uml', async (scratch) => {
    for (const name of ['rw', 'root', 'uml']) mkdirSync(join(scratch, name));
    const enclose = `mount --bind "$1" "$1" && mount --bind "$2" "$2" && mount -o remount,bind,ro / && shift 2 && exec "$@"`;
    const words = [
      'mem=1536M',
      'umid=guest',
      `uml_dir=${join(scratch, 'uml')}/`,
      'con0=null,fd:1',
      'con=null',
      'ssl=null',
      'root=/dev/root',
      'rootfstype=hostfs',
      'rootflags=/',
      'ro',
      `init=${join(INSIDE, 'uml-first')}`,
      'quiet',
      'panic=-1',
      // The way by which the guest's own system calls are caught: several times quicker, where the kernel has it.
      'seccomp=auto',
      `out=${out}`,
      `here=${INSIDE}`,
      `new=${scratch}`,
      `writable=${bare ? WRITABLE.join(',') : ''}`,
    ];
    const onOne = ['taskset', '--cpu-list', oneProcessor()];
    await runApart(
      [...onOne, 'bash', '-c', enclose, '-', scratch, out, program, ...words],
      minutes,
      {
        stdout: { file: join(out, 'console') },
      },
      { folder: out, minutes: STILL },
    );
  });
