import { installLine } from '../../host/installing.ts';
import { ability, versionBy } from '../ability.ts';

export default ability({
  name: 'connections',
  does: 'reads what connection tracking remembers, and translates by',
  attempt: versionBy('conntrack', '--version'),
  get: () => installLine('conntrack'),
});
