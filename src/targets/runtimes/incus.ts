import { instances } from '../instances.ts';

/** Containers of Incus: incus(1). */
export default instances('incus', 'incus', ['/var/lib/incus/unix.socket', '/run/incus/unix.socket']);
