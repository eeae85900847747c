import { fact } from '../fact.ts';
import { readResolver } from '../resolver.ts';

/** The resolv.conf that the container's own processes see. */
export default fact({
  name: 'resolver',
  gather: (machine, { target }) => readResolver(machine, target),
});
