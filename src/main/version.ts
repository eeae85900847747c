/** What `netdoctor --version --json` tells: which netdoctor this is, and what this machine lets it do. */
import { release } from 'node:os';
import { type Tried, tryAbilities } from '../discover/abilities.ts';
import type { Machine } from '../host/machine.ts';
import { nativeParts } from '../host/native.ts';
import { version } from '../host/package.ts';
import { plain } from '../words/text.ts';

export interface VersionDocument {
  readonly schema: 'netdoctor/version/1';
  readonly version: string;
  readonly node: string;
  readonly kernel: string;
  /** As `process.arch`: x64, arm64. */
  readonly architecture: string;
  /** Who captures: packet sockets, or cap where those cannot. */
  readonly engine: string;
  readonly native: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly because: string | null;
  }[];
  readonly abilities: readonly Tried[];
}

export async function versionDocument(machine: Machine): Promise<VersionDocument> {
  const abilities = await tryAbilities(machine);
  const captures = abilities.find(({ name }) => name === 'captures');
  return {
    schema: 'netdoctor/version/1',
    version: version(),
    node: process.versions.node,
    kernel: plain(release()),
    architecture: process.arch,
    engine: captures?.able ? 'packet' : 'cap',
    native: nativeParts().map(({ name, version }) =>
      version.known
        ? { name, version: plain(version.value), because: null }
        : { name, version: null, because: plain(version.detail) },
    ),
    abilities,
  };
}
