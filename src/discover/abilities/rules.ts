import { ask } from '../../host/ask.ts';
import { installLine } from '../../host/installing.ts';
import { known } from '../../model/answer.ts';
import { ability } from '../ability.ts';

export default ability({
  name: 'rules',
  does: 'reads nftables, and sees which rule a packet met',
  async attempt(machine) {
    const tables = await ask(machine, ['nft', 'list', 'tables']);
    if (!tables.known) return tables;
    const version = await ask(machine, ['nft', '--version']);
    return version.known ? known(version.value.trim(), version.source) : version;
  },
  get: () => installLine('nft'),
});
