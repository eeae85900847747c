import { engineKind } from '../engine-kind.ts';

const PACKAGES = ['containerd', 'containernetworking-plugins'];

/** Pods of containerd's own CRI, with the test in kubelet's part, and ctr in crictl's. */
export default engineKind({
  engine: 'cri',
  missing: ['cri-o', 'crictl'],
  version: ['containerd', '--version'],
  versions: [
    { name: 'CRI of containerd 1.6', suite: 'bookworm', packages: PACKAGES },
    { name: 'CRI of containerd 2', suite: 'sid', packages: PACKAGES },
  ],
});
