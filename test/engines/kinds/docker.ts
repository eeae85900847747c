import { engineKind } from '../engine-kind.ts';

/** The client is a package of its own from Debian 13 on. The nftables backend is there from 29 on: Docker's manual. */
export default engineKind({
  engine: 'docker',
  version: ['dockerd', '--version'],
  versions: [
    { name: 'Docker 20.10', suite: 'bookworm', packages: ['docker.io'] },
    { name: 'Docker 26', suite: 'trixie', packages: ['docker.io', 'docker-cli'] },
    { name: 'Docker 28', suite: 'sid', packages: ['docker.io', 'docker-cli'] },
    {
      name: 'Docker with nftables',
      suite: 'sid',
      packages: ['docker.io', 'docker-cli'],
      daemon: { 'firewall-backend': 'nftables' },
      from: 29,
    },
  ],
});
