import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { busyboxImage } from './busybox-image.ts';

/** Writes an archive as `docker save` does of an image that sleeps, under the name given: `ctr images import` reads it. */
export async function sleepingImage(folder: string, name: string): Promise<string> {
  const layer = readFileSync(await busyboxImage(folder));
  const at = join(folder, 'archive');
  mkdirSync(at);
  writeFileSync(join(at, 'layer.tar'), layer);
  const digest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: ['/bin/sleep', '900'], Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: [digest] },
    history: [{}],
  };
  writeFileSync(join(at, 'config.json'), JSON.stringify(config));
  writeFileSync(
    join(at, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }]),
  );
  await execa('tar', ['-C', at, '-cf', `${at}.tar`, 'manifest.json', 'config.json', 'layer.tar']);
  return `${at}.tar`;
}
