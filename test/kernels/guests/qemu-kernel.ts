/** Debian's own kernel with its modules, unpacked below the cache, and the small first root that reaches this machine's. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { cache } from '../cache.ts';
import type { Kernel } from '../kernels.ts';
import { mirrorOf } from '../mirror.ts';
import { NotHad } from '../not-had.ts';

const INSIDE = join(import.meta.dirname, '../inside');
/** What the guest needs before it has this machine's root. */
const FIRST = ['virtio_pci', 'virtio_mmio', 'virtiofs', 'overlay', 'virtio_rng'];
const APPLETS = [
  'sh',
  'mount',
  'mkdir',
  'rm',
  'insmod',
  'switch_root',
  'cat',
  'poweroff',
  'uname',
  'ln',
  'echo',
];
const UNPACKED: Readonly<Record<string, readonly [string, ...string[]]>> = {
  '.xz': ['xz', '-dc'],
  '.zst': ['zstd', '-qdc'],
};

export interface Unpacked {
  readonly release: string;
  /** The image that is booted. */
  readonly image: string;
  /** Its `/`: where `lib/modules/RELEASE` is. */
  readonly tree: string;
}

/** The cloud kernel of its suite: the same source as the one for metal, with fewer drivers. @throws NotHad */
export async function unpacked({ name, suite }: Kernel, tell: (what: string) => void): Promise<Unpacked> {
  tell(`fetching the kernel of ${suite}`);
  const mirror = await mirrorOf(suite);
  const depends = async (deb: string, pattern: RegExp): Promise<string[]> => {
    const { stdout } = await execa('dpkg-deb', ['-f', deb, 'Depends']);
    return [...new Set(stdout.match(pattern) ?? [])];
  };
  const meta = await mirror.fetch('linux-image-cloud-amd64');
  const [image] = await depends(meta, /linux-image-\d[^ ,]*/g);
  if (image === undefined) throw new NotHad(`${suite} has no kernel for ${name}`);
  const release = image.replace('linux-image-', '');
  const tree = join(cache('debian'), release);
  if (!existsSync(tree)) {
    const whole = await mirror.fetch(image);
    // From 7 on an image only names its parts.
    const parts = await depends(whole, /linux-(?:base|binary|modules)-\d[^ ,]*/g);
    const debs = parts.length > 0 ? await Promise.all(parts.map((part) => mirror.fetch(part))) : [whole];
    const part = `${tree}.part`;
    rmSync(part, { recursive: true, force: true });
    for (const deb of debs) await execa('dpkg-deb', ['-x', deb, part]);
    // Where modules live has changed: /lib before trixie, /usr/lib since.
    if (!existsSync(join(part, 'lib/modules'))) {
      mkdirSync(join(part, 'lib'), { recursive: true });
      symlinkSync('../usr/lib/modules', join(part, 'lib/modules'));
    }
    await execa('depmod', ['-b', part, release]);
    renameSync(part, tree);
  }
  return { release, image: imageIn(tree, release), tree };
}

function imageIn(tree: string, release: string): string {
  const found = [join(tree, 'boot', `vmlinuz-${release}`), join(tree, 'lib/modules', release, 'vmlinuz')];
  const image = found.find((one) => existsSync(one));
  if (image === undefined) throw new NotHad(`the package of ${release} holds no image`);
  return image;
}

/** Makes the first root below `scratch`, and gives the path of its archive. */
export async function firstRoot({ release, tree }: Unpacked, scratch: string): Promise<string> {
  const root = join(scratch, 'first');
  for (const name of ['bin', 'dev', 'proc', 'sys', 'ro', 'rw', 'new', 'modules'])
    mkdirSync(join(root, name), { recursive: true });
  const { stdout: busybox } = await execa('which', ['busybox']);
  copyFileSync(busybox, join(root, 'bin/busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', join(root, 'bin', applet));
  for (const [at, module] of (await modulesOf(tree, release)).entries()) {
    const kind = Object.keys(UNPACKED).find((end) => module.endsWith(end));
    const name = `${String(at).padStart(2, '0')}-${basename(module, kind)}`;
    const to = join(root, 'modules', name);
    if (kind === undefined) copyFileSync(module, to);
    else {
      const [program, ...words] = UNPACKED[kind]!;
      await execa(program, [...words, module], { stdout: { file: to } });
    }
  }
  copyFileSync(join(INSIDE, 'qemu-first'), join(root, 'init'));
  chmodSync(join(root, 'init'), 0o755);
  const archive = join(scratch, 'first.cpio');
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  await execa('busybox', ['cpio', '-o', '-H', 'newc'], {
    cwd: root,
    input: `${names.join('\n')}\n`,
    stdout: { file: archive },
  });
  return archive;
}

/** Paths in the order in which they must be loaded; what is built in is none. */
async function modulesOf(tree: string, release: string): Promise<string[]> {
  const said = await Promise.all(
    FIRST.map((name) =>
      execa('modprobe', ['-d', tree, '-S', release, '--show-depends', name], { reject: false }),
    ),
  );
  const paths = said.flatMap(({ stdout }) => [...stdout.matchAll(/^insmod (\S+)/gm)].map((one) => one[1]!));
  return [...new Set(paths)];
}
