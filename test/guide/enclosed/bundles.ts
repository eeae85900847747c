/** The enclosed programs as single files, which `unshare` can start. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

const root = join(import.meta.dirname, '../../..');

/** Bundles a program of this folder; answers its place and how to take it away. */
export async function bundled(name: string): Promise<{ file: string; remove(): void }> {
  const file = join(root, 'node_modules/.cache/netdoctor', `${name}-${process.pid}.mjs`);
  const words = [`test/guide/enclosed/${name}.ts`, file].map((word) => JSON.stringify(word)).join(', ');
  const script = `await (await import('./bin/test-program.mjs')).bundle(${words})`;
  await execa(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
  return { file, remove: () => rmSync(file, { force: true }) };
}

/** A program in namespaces that end with it. */
export const enclosed = (file: string, args: readonly string[]) =>
  execa('unshare', ['--mount', '--net', process.execPath, file, ...args], {
    env: { NETDOCTOR_STATE: '/run/netdoctor' },
    timeout: 170_000,
    reject: false,
  });
