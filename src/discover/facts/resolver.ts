import { fact } from '../fact.ts';
import { readResolver } from '../resolver.ts';

/**
 * The container's resolv.conf where the runtime keeps it on the host. It is never read through /proc/PID/root: an
 * absolute symbolic link there leads to the host's own file.
 */
export default fact({
  name: 'resolver',
  gather: (machine, { target }) => readResolver(machine, target),
});
