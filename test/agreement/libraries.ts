/** The C libraries themselves, asked in a namespace of one's own whose files in /etc are ours. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import type { Library } from '../../src/model/look-up.ts';
import type { Files } from '../../src/resolver/look-up.ts';

const COMPILERS: Readonly<Record<Library, string>> = { glibc: 'gcc', musl: 'musl-gcc' };
const FILES = { resolvConf: 'resolv.conf', hosts: 'hosts', nsswitch: 'nsswitch.conf' } as const;

/** What a program got, and how long it took. */
export interface Got {
  readonly addresses: readonly string[];
  readonly error: number | null;
  readonly seconds: number;
}

export class Libraries {
  readonly #folder = mkdtempSync(join(tmpdir(), 'netdoctor-agreement-'));

  /** Builds the askers, and puts a /etc of our own over the machine's, in this mount namespace alone. */
  constructor() {
    for (const library of ['glibc', 'musl'] as const)
      execaSync(COMPILERS[library], ['-o', join(this.#folder, library), join(import.meta.dirname, 'ask.c')]);
    const etc = join(this.#folder, 'etc');
    mkdirSync(etc);
    execaSync('mount', ['--make-rprivate', '/']);
    execaSync('mount', ['-t', 'tmpfs', 'etc', etc]);
    // The loader's own files are wanted too.
    execaSync('cp', ['-a', '/etc/ld.so.cache', '/etc/host.conf', '/etc/gai.conf', etc], { reject: false });
    execaSync('mount', ['--bind', etc, '/etc']);
  }

  /** The mounts go with the namespace; the folder is the machine's. */
  remove(): void {
    for (const mount of ['/etc', join(this.#folder, 'etc')]) execaSync('umount', ['-l', mount]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  write(files: Files): void {
    for (const [key, name] of Object.entries(FILES)) {
      const text = files[key as keyof Files];
      if (text === undefined) execaSync('rm', ['-f', `/etc/${name}`]);
      else writeFileSync(`/etc/${name}`, text);
    }
  }

  async ask(library: Library, name: string): Promise<Got> {
    const began = performance.now();
    const { stdout } = await execa(join(this.#folder, library), [name], { timeout: 60_000 });
    const seconds = (performance.now() - began) / 1000;
    const [word, ...rest] = stdout.trim().split(' ');
    return word === 'ok'
      ? { addresses: rest, error: null, seconds }
      : { addresses: [], error: Number(rest[0]), seconds };
  }
}
