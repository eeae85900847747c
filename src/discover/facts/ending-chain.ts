import { lookUpsOf } from '../../kernel/looked-up.ts';
import { packetFor } from '../../kernel/packet-of.ts';
import { endingHit } from '../../kernel/rules.ts';
import { known } from '../../model/answer.ts';
import { fact } from '../fact.ts';
import { rulesBeside } from '../rules/look-up.ts';
import { askSet } from '../rules/set-look-up.ts';
import { sides } from '../sides.ts';

/** Sets of one chain that are asked, at most. */
const MOST = 16;

/**
 * The chain whose rule or policy ended the packet, and which of the sets that its rules look up hold the packet. Empty
 * where no rule was seen to end it: a cause that wants more than the rule itself does without.
 */
export default fact({
  name: 'endingChain',
  async gather(machine, ground) {
    const hits = ground.ruleHits ?? [];
    const hit = endingHit({ place: ground.place ?? null, ruleHits: hits });
    const at = hit && sides(ground).find(({ side }) => side === hit.side);
    const nothing = known({ rules: [], lookUps: [] }, []);
    if (!hit?.packet || !at) return nothing;
    const rules = await rulesBeside(machine, at.netns, hit.rule);
    const packet = packetFor(ground, hit, hit.packet);
    const before = rules.filter(
      ({ number }) => number !== null && (hit.rule.number === null || number < hit.rule.number),
    );
    const asked = await Promise.all(
      lookUpsOf(before, packet)
        .slice(0, MOST)
        .map((one) => askSet(machine, at.netns, hit.rule, one, packet)),
    );
    const lookUps = asked.flatMap((one) => one ?? []);
    return known({ rules, lookUps }, [
      'nft',
      'list',
      'chain',
      hit.rule.family,
      hit.rule.table,
      hit.rule.chain,
    ]);
  },
});
