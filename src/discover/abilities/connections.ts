import { ask } from '../../host/ask.ts';
import { installLine } from '../../host/installing.ts';
import { mapAnswer } from '../../model/answer.ts';
import { ability } from '../ability.ts';

export default ability({
  name: 'connections',
  does: 'reads what connection tracking remembers, and translates by',
  attempt: async (machine) =>
    mapAnswer(await ask(machine, ['conntrack', '--version']), (version) => version.trim()),
  get: () => installLine('conntrack'),
});
