import { parseNft } from '../../../discover/rules/nft-text.ts';
import { ask } from '../../../host/ask.ts';
import { mapAnswer } from '../../../model/answer.ts';
import { statesOfRules } from '../rules.ts';
import { source } from '../source.ts';

/** Rules of nf_tables, whoever wrote them, all in the words of nft(8): in those of iptables they would change with the tool. */
export default source({
  name: 'firewall',
  woken: ['firewall'],
  every: null,
  read: async (machine, { netns }) =>
    mapAnswer(await ask(machine, ['nft', '-a', '-s', '-t', 'list', 'ruleset'], netns), (text) =>
      statesOfRules(parseNft(text).counted),
    ),
});
