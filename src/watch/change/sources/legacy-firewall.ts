import { listLegacy } from '../../../discover/rules/list-rules.ts';
import { mapAnswer } from '../../../model/answer.ts';
import { statesOfRules } from '../rules.ts';
import { source } from '../source.ts';

/** Rules of legacy iptables, of whose changes the kernel does not tell. Where there are none that costs one read of /proc. */
export default source({
  name: 'legacy-firewall',
  woken: [],
  every: 200,
  read: async (machine, { netns }) => mapAnswer(await listLegacy(machine, netns), statesOfRules),
});
