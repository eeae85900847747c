import { known } from '../../model/answer.ts';
import type { Rule } from '../../model/evidence.ts';
import type { Side } from '../../model/facts.ts';
import { fact } from '../fact.ts';
import { listRules } from '../rules/list-rules.ts';
import { sides } from '../sides.ts';

/** Every rule of every namespace on the path; half a firewall would be a guess. */
export default fact({
  name: 'firewall',
  async gather(machine, ground) {
    const places = sides(ground);
    const answers = await Promise.all(places.map(({ netns }) => listRules(machine, netns)));
    const rules: Record<Side, readonly Rule[]> = { container: [], host: [], other: [] };
    for (const [index, answer] of answers.entries()) {
      if (!answer.known) return answer;
      rules[places[index]!.side] = answer.value.map(({ rule }) => rule);
    }
    const host = answers[places.findIndex((place) => place.side === 'host')]!;
    return known(ground.target.hostNetwork ? { ...rules, container: rules.host } : rules, host.source);
  },
});
