import { engineKind } from '../engine-kind.ts';

const PACKAGES = ['containerd', 'containernetworking-plugins'];

/** Driven by ctr on a network of CNI. */
export default engineKind({
  engine: 'containerd',
  missing: ['nerdctl'],
  version: ['containerd', '--version'],
  versions: [
    { name: 'containerd 1.6', suite: 'bookworm', packages: PACKAGES },
    { name: 'containerd 1.7', suite: 'trixie', packages: PACKAGES },
    { name: 'containerd 2', suite: 'sid', packages: PACKAGES },
  ],
});
