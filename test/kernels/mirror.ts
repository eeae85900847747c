/**
 * Debian's packages of another suite, from the mirrors that this machine's apt names already: apt with a configuration of
 * its own below the cache. Nothing of the machine's own apt is changed, and nothing is installed.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cache } from './cache.ts';
import { NotHad } from './not-had.ts';

const KEY = '/usr/share/keyrings/debian-archive-keyring.gpg';

export interface Mirror {
  /** Fetches the newest version of a package, security updates included, and gives the path of its file. @throws NotHad */
  fetch(name: string): Promise<string>;
}

/** @throws NotHad where apt names no mirror, or the mirror lacks the suite */
export async function mirrorOf(suite: string): Promise<Mirror> {
  const { main, security } = await mirrors();
  const lists = cache('apt', suite, 'lists', 'partial');
  const archives = cache('apt', suite, 'archives', 'partial');
  const sources = join(cache('apt', suite), 'sources.list');
  const updates =
    /sid|backports/.test(suite) || security === undefined ? [] : [`${security} ${suite}-security`];
  writeFileSync(
    sources,
    [`${main} ${suite}`, ...updates].map((one) => `deb [signed-by=${KEY}] ${one} main\n`).join(''),
  );
  const own = [
    `Dir::State::lists=${join(lists, '..')}`,
    `Dir::Cache::archives=${join(archives, '..')}`,
    `Dir::Cache=${cache('apt', suite)}`,
    `Dir::Etc::sourcelist=${sources}`,
    'Dir::Etc::sourceparts=/dev/null',
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
  ].flatMap((option) => ['-o', option]);
  await had(`Debian's ${suite}`, execa('apt-get', [...own, '-qq', 'update']));
  const newest = async (name: string): Promise<string> => {
    const { stdout } = await had(name, execa('apt-cache', [...own, 'show', '--no-all-versions', name]));
    const version = /^Version: (\S+)$/m.exec(stdout)?.[1];
    if (version === undefined) throw new NotHad(`${suite} has no ${name}`);
    return version;
  };
  return {
    async fetch(name) {
      const wanted = await newest(name);
      const folder = cache('debs');
      const file = (): string | undefined =>
        readdirSync(folder).find((one) => one.startsWith(`${name}_${wanted.replaceAll(':', '%3a')}_`));
      if (!file())
        await had(name, execa('apt-get', [...own, '-qq', 'download', `${name}=${wanted}`], { cwd: folder }));
      return join(folder, file()!);
    },
  };
}

/** Where apt here gets Debian from. @throws NotHad where it names no mirror */
export async function mirrors(): Promise<{ main: string; security: string | undefined }> {
  const format = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const { stdout } = await had('apt', execa('apt-get', format));
  const all = [...new Set(stdout.split('\n').filter(Boolean))].sort();
  const main = all.find((one) => !one.includes('security'));
  if (main === undefined) throw new NotHad('apt knows no mirror yet (apt-get update)');
  return { main, security: all.find((one) => one.includes('security')) };
}

/** The last line that a program said is why its package cannot be had. */
async function had<T>(what: string, running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (error) {
    const { stderr = '', shortMessage = String(error) } = error as { stderr?: string; shortMessage?: string };
    throw new NotHad(`${what}: ${stderr.trim().split('\n').at(-1) || shortMessage}`);
  }
}
