import { known } from '../../model/answer.ts';
import { fact } from '../fact.ts';
import { virtualServices } from '../virtual-services.ts';

/** What IPVS balances on the host. */
export default fact({
  name: 'virtualServices',
  gather: (machine) => known(virtualServices(machine, null), ['cat', '/proc/net/ip_vs']),
});
