import { ask } from '../../host/ask.ts';
import { installLine } from '../../host/installing.ts';
import { ability, versionBy } from '../ability.ts';

export default ability({
  name: 'rules',
  does: 'reads nftables, and sees which rule a packet met',
  async attempt(machine) {
    const tables = await ask(machine, ['nft', 'list', 'tables']);
    if (!tables.known) return tables;
    return versionBy('nft', '--version')(machine);
  },
  get: () => installLine('nft'),
});
