import { engineKind } from '../engine-kind.ts';

const PACKAGES = ['podman', 'netavark', 'aardvark-dns'];

/** With netavark: in 4 it writes rules of iptables, in 5 and 6 of nftables. */
export default engineKind({
  engine: 'podman',
  version: ['podman', '--version'],
  versions: [
    { name: 'Podman 4', suite: 'bookworm', packages: PACKAGES },
    { name: 'Podman 5.4', suite: 'trixie', packages: PACKAGES },
    { name: 'Podman 5.8', suite: 'sid', packages: PACKAGES },
    {
      name: 'Podman 6',
      suite: 'sid',
      also: 'experimental',
      packages: ['podman/experimental', 'netavark/experimental', 'aardvark-dns'],
      groups: 2,
    },
  ],
});
