/** What went by unseen while a run was under way, and the verdicts that may not be given for it. */
import { confirmed, NETFILTER } from '../kernel/drops.ts';
import { ruleTitle } from '../kernel/routing.ts';
import { isTraced } from '../kernel/rules.ts';
import type { Answer } from '../model/answer.ts';
import type { Rule, Unknown } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import type { RoutingRule } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { ruleName } from '../words/telling.ts';

/**
 * `answers`: the probe's sockets had no room for some. `time`: it was up before the evidence decided. `programs`: those
 * of the container's cgroup were not passed. `taking`: it was not seen whether a program takes connections. `greeting`:
 * it said nothing where it speaks first. `deferred`: it says nothing until it is spoken to. `behind`: nor does he to
 * whom it carries on what is said. `client`: a probe became the only client that the program takes. `users`: rules are for users that nobody was seen to be.
 * `visitor`: he was answered before he was watched. `path`: the way is as wide as was learned of it, for some minutes.
 */
export interface Gap extends Unknown {
  readonly of:
    | 'answers'
    | 'time'
    | 'programs'
    | 'taking'
    | 'greeting'
    | 'deferred'
    | 'behind'
    | 'client'
    | 'users'
    | 'visitor'
    | 'path';
}

/** Connections stood at the far end, and might have been taken later. */
export const TIME_UP: Gap = {
  of: 'taking',
  what: 'whether the program takes connections',
  because: 'those of the probe waited for it, and the time of this diagnosis was up',
};

/** Could what went by have turned a fault into none? */
export function undecides(scene: Scene, gaps: readonly Gap[]): boolean {
  return gaps.some(({ of }) => of === 'time' || (of === 'answers' && restsOnSilence(scene)));
}

/** Could it have turned health into a fault? */
export const maybeHealthy = (gaps: readonly Gap[]): boolean =>
  gaps.some(({ of }) => of === 'programs' || of === 'taking' || of === 'greeting');

/**
 * A firewall let some of the probes pass and ended others, and nobody could see by which rule: one that counts what there is
 * may have counted those that had passed.
 */
export const isPerhapsItsOwnLimit = (
  scene: Pick<Scene, 'outcomes' | 'drops'>,
  { hits }: { readonly hits: Answer<readonly RuleHit[]> },
): boolean =>
  !isTraced(hits) &&
  confirmed(scene, NETFILTER) &&
  scene.outcomes.some(({ result }) => result === 'answered');

/** A socket of UDP that takes the first that speaks to it for its only client (nc -u -l) may have taken this host's own question. */
export const isPerhapsTakenByHost = ({ flow, symptom, control }: Scene): boolean =>
  flow.proto === 'udp' &&
  symptom.kind === 'refused' &&
  control?.asked === true &&
  !(control.outcomes.length > 0 && control.outcomes.every(({ result }) => result === 'refused'));

/** Nothing but the socket's silence says that the answer was lost: it reached the sender, or nobody could have seen it. */
function restsOnSilence({ symptom, path, captured }: Scene): boolean {
  const first = path.hops[0];
  return symptom.kind === 'undelivered' || (first !== undefined && !captured.has(first.id));
}

export const notEntered = ({ name }: Target): Gap => ({
  of: 'programs',
  what: `what the programs attached to the control group of ${name} do to its packets`,
  because:
    'it is paused, and whoever enters its control group stands still with it; the probe was sent from outside it',
});

export const notAsked = ({ name }: Target, rule: RoutingRule | Rule): Gap => ({
  of: 'users',
  what: `whether programs get through for which ${'priority' in rule ? ruleTitle(rule) : `${ruleName(rule)} (${rule.text})`} of ${name} is`,
  because: 'it is for users as whom no process was seen to run there, and the probes were not theirs',
});
