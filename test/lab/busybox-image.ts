import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** Writes a tar of busybox under all of its names, and nothing else: an image that needs no registry. */
export async function busyboxImage(folder: string): Promise<string> {
  const root = join(folder, 'image');
  const bin = join(root, 'bin');
  mkdirSync(bin, { recursive: true });
  const busybox = existsSync('/bin/busybox') ? '/bin/busybox' : '/usr/bin/busybox';
  copyFileSync(busybox, join(bin, 'busybox'));
  const { stdout } = await execa(busybox, ['--list']);
  for (const name of stdout.split('\n')) if (name !== 'busybox') symlinkSync('busybox', join(bin, name));
  await execa('tar', ['-C', root, '-cf', `${root}.tar`, '.']);
  return `${root}.tar`;
}
