import { installLine } from '../../host/installing.ts';
import { ability, versionBy } from '../ability.ts';

export default ability({
  name: 'links',
  does: 'reads links, addresses, routes and neighbours',
  attempt: versionBy('ip', '-V'),
  get: () => installLine('ip'),
});
