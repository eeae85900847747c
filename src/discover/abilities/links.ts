import { ask } from '../../host/ask.ts';
import { installLine } from '../../host/installing.ts';
import { mapAnswer } from '../../model/answer.ts';
import { ability } from '../ability.ts';

export default ability({
  name: 'links',
  does: 'reads links, addresses, routes and neighbours',
  attempt: async (machine) => mapAnswer(await ask(machine, ['ip', '-V']), (version) => version.trim()),
  get: () => installLine('ip'),
});
