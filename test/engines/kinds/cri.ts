import { engineKind } from '../engine-kind.ts';

const PACKAGES = ['containerd', 'containernetworking-plugins'];

/** Pods of containerd's own CRI. Neither cri-o nor crictl is in a suite of Debian: the test plays kubelet's part. */
export default engineKind({
  engine: 'cri',
  version: ['containerd', '--version'],
  versions: [
    { name: 'CRI of containerd 1.6', suite: 'bookworm', packages: PACKAGES },
    { name: 'CRI of containerd 2', suite: 'sid', packages: PACKAGES },
  ],
});
