/** What a capture file begins with: who wrote it, its interfaces, and the names that addresses have. */
import type { Machine } from '../../host/machine.ts';
import { version } from '../../host/package.ts';
import type { Target } from '../../model/target.ts';
import type { Described, Names } from '../../pcapng/content.ts';
import { interfaceBlock, namesBlock, sectionBlock } from '../../pcapng/writer.ts';

export interface Head {
  readonly application: string;
  readonly os: string | null;
  readonly remarks?: readonly string[];
  readonly interfaces: readonly Described[];
  readonly link: number;
  readonly snaplen: number;
  readonly names: readonly Names[];
}

export const headBlocks = ({
  application,
  os,
  remarks,
  interfaces,
  link,
  snaplen,
  names,
}: Head): Uint8Array[] => [
  sectionBlock(application, os, remarks),
  ...interfaces.map((one) => interfaceBlock(one, link, snaplen)),
  ...(names.length > 0 ? [namesBlock(names)] : []),
];

/** `web.bridge` for its address on that network, as the runtime's own resolver would have it. */
export function namesOf({ name, networks }: Target, addresses: readonly string[]): Names[] {
  return addresses.map((address) => {
    const network = networks.find((one) => one.addresses.includes(address));
    return { address, names: [network ? `${name}.${network.name}` : name] };
  });
}

/** Which netdoctor writes a file, and on what, as `Linux 6.1.0`; null where the kernel does not say. */
export function writtenBy(machine: Pick<Machine, 'read'>): Pick<Head, 'application' | 'os'> {
  const release = machine.read('/proc/sys/kernel/osrelease');
  return {
    application: `netdoctor ${version()}`,
    os: release.known ? `Linux ${release.value.trim()}` : null,
  };
}
