/** The line that gets a program on this machine, in the words of its distribution: os-release(5). */
import type { Answer } from '../model/answer.ts';
import { readForeign } from './foreign-file.ts';

/** What is asked for, by the name of its program or library. */
export type Wanted = keyof typeof PACKAGES;

type Family = 'debian' | 'fedora' | 'alpine' | 'arch';

/** How each family installs. */
const VERBS: Readonly<Record<Family, string>> = {
  debian: 'apt-get install',
  fedora: 'dnf install',
  alpine: 'apk add',
  arch: 'pacman -S',
};

/** Packages by the family's own names. */
const PACKAGES = {
  ip: { debian: 'iproute2', fedora: 'iproute', alpine: 'iproute2', arch: 'iproute2' },
  nft: { debian: 'nftables', fedora: 'nftables', alpine: 'nftables', arch: 'nftables' },
  iptables: { debian: 'iptables', fedora: 'iptables-nft', alpine: 'iptables', arch: 'iptables' },
  conntrack: {
    debian: 'conntrack',
    fedora: 'conntrack-tools',
    alpine: 'conntrack-tools',
    arch: 'conntrack-tools',
  },
  sysctl: { debian: 'procps', fedora: 'procps-ng', alpine: 'procps-ng', arch: 'procps-ng' },
  unshare: { debian: 'util-linux', fedora: 'util-linux', alpine: 'util-linux-misc', arch: 'util-linux' },
  libpcap: { debian: 'libpcap0.8', fedora: 'libpcap', alpine: 'libpcap', arch: 'libpcap' },
} as const satisfies Readonly<Record<string, Readonly<Record<Family, string>>>>;

/** ID and the words of ID_LIKE by which a family is known. */
const KNOWN_AS: Readonly<Record<Family, readonly string[]>> = {
  debian: ['debian', 'ubuntu'],
  fedora: ['fedora', 'rhel', 'centos'],
  alpine: ['alpine'],
  arch: ['arch', 'archlinux'],
};

/** The family an os-release(5) names; null for one we have no words for. */
export function familyOf(osRelease: string): Family | null {
  const said = [...osRelease.matchAll(/^(?:ID|ID_LIKE)=["']?([^"'\n]*)["']?$/gm)].flatMap(([, words = '']) =>
    words.toLowerCase().split(/\s+/),
  );
  const families = Object.keys(KNOWN_AS) as Family[];
  return (
    said
      .map((word) => families.find((family) => KNOWN_AS[family].includes(word)))
      .find((family) => family !== undefined) ?? null
  );
}

/** `apt-get install nftables`; where the distribution is none of ours, what the package is called at the source. */
export function lineFor(wanted: Wanted, osRelease: string | null): string {
  const family = osRelease === null ? null : familyOf(osRelease);
  return family ? `${VERBS[family]} ${PACKAGES[wanted][family]}` : `install ${PACKAGES[wanted].arch}`;
}

/** Do we know what it is in? */
export const isWanted = (name: string): name is Wanted => Object.hasOwn(PACKAGES, name);

let release: Answer<string> | undefined;

/** The same for the machine that netdoctor runs on. */
export function installLine(wanted: Wanted): string {
  release ??= osRelease();
  return lineFor(wanted, release.known ? release.value : null);
}

/** The first is usually a link to the second. */
function osRelease(): Answer<string> {
  const first = readForeign('/etc/os-release', { trusted: true });
  return first.known ? first : readForeign('/usr/lib/os-release', { trusted: true });
}
