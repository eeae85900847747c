import { ask } from '../../host/ask.ts';
import { installLine } from '../../host/installing.ts';
import { mapAnswer } from '../../model/answer.ts';
import { ability } from '../ability.ts';

export default ability({
  name: 'iptables',
  does: 'names rules as iptables writes them, and mends them by it',
  attempt: async (machine) =>
    mapAnswer(await ask(machine, ['iptables', '--version']), (version) => version.trim()),
  get: () => installLine('iptables'),
});
