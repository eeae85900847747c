import { instances } from '../instances.ts';

/** Containers of LXD, from a package or a snap: lxc(1). */
export default instances('lxd', 'lxc', ['/var/lib/lxd/unix.socket', '/var/snap/lxd/common/lxd/unix.socket']);
