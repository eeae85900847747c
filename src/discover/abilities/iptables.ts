import { installLine } from '../../host/installing.ts';
import { ability, versionBy } from '../ability.ts';

export default ability({
  name: 'iptables',
  does: 'names rules as iptables writes them, and mends them by it',
  attempt: versionBy('iptables', '--version'),
  get: () => installLine('iptables'),
});
