/** A full-size packet is tried with a ping, whatever the flow: where a rule ended it, does that rule end the flow's packets too? */
import { confirmed, NETFILTER } from '../kernel/drops.ts';
import { asked, clausesOf, holds, type Packet } from '../kernel/rule-clauses.ts';
import { endingHit, isTraced } from '../kernel/rules.ts';
import type { Answer } from '../model/answer.ts';
import type { Rule } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import { carrier } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';
import { ruleName } from '../words/telling.ts';

/** `-m length --length`, `meta length`, `ip length`: iptables-extensions(8), nft(8). */
const ASKS_LENGTH = /(^|\s)(--length|(meta|ip6?|udp) length)\s/;

/** Why a full-size ping that is lost says nothing of the flow's packets. */
export interface Sparing {
  /** A whole sentence without its stop. */
  readonly because: string;
}

/**
 * The rule that ended the full-size ping says nothing of the flow: it, or one that led to it, is for pings, or it asks nothing
 * of the length, so that what else is in front of it decides; or nobody could see which it was. Null where what ended the ping
 * ends the flow's packets.
 */
export function spares(scene: Scene, hits: Answer<readonly RuleHit[]>): Sparing | null {
  const { flow } = scene;
  if (flow.proto === 'icmp') return null;
  if (!hits.known || !isTraced(hits))
    return confirmed(scene, NETFILTER)
      ? {
          because:
            'a firewall ends full-size pings, with which it is tried, and its rules could not be traced',
        }
      : null;
  const rule = sparing(scene, hits.value);
  return rule && { because: `${ruleName(rule)} ends full-size pings, with which it is tried: ${rule.text}` };
}

function sparing(scene: Scene, hits: readonly RuleHit[]): Rule | null {
  const { flow } = scene;
  const end = endingHit({ ...scene, ruleHits: hits });
  if (!end) return null;
  const led = hits.slice(0, hits.indexOf(end) + 1).filter(isOnWayTo(end));
  const isForPings = led.some(({ rule }) => {
    const clause = asked(clausesOf(rule), 'proto');
    return clause !== undefined && holds(clause, { proto: carrier(flow) } as Packet) === false;
  });
  return isForPings || !ASKS_LENGTH.test(end.rule.text) ? end.rule : null;
}

/** The hit itself, and the jumps of the same packet in its table before it. */
const isOnWayTo =
  (end: RuleHit) =>
  (one: RuleHit): boolean =>
    one === end ||
    (one.side === end.side &&
      one.direction === end.direction &&
      one.rule.table === end.rule.table &&
      one.rule.family === end.rule.family &&
      /^(jump|goto)/.test(one.verdict));
