import { opening } from '../fixes/accept.ts';
import { deletion } from '../fixes/rule.ts';
import { attachments } from '../kernel/attachment.ts';
import { type LostFrame, lostFrame } from '../kernel/bridged-frame.ts';
import { confirmed, NETFILTER, refuted } from '../kernel/drops.ts';
import { mayTake } from '../kernel/frame-rule.ts';
import { isUnresolved, nextHop, questions } from '../kernel/next-hop.ts';
import { endingHit, ends, surely } from '../kernel/rules.ts';
import { outgoing } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { Fix } from '../model/fix.ts';
import { namesOnHost } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import { ruleName, ruleShown } from '../words/telling.ts';
import { capital, list } from '../words/text.ts';

const isLayerTwo = (rule: Rule): boolean =>
  rule.family === 'bridge' ||
  rule.family === 'arp' ||
  rule.engine === 'ebtables' ||
  rule.engine === 'arptables';

/** The search for the next hop is compared with these by their text alone, where no captured frame tells more. */
const isByText = (rule: Rule): boolean => rule.engine !== 'nft' || rule.family === 'arp';

/** A rule or policy of layer 2 that could take the lost frame or the search for its next hop, where nothing traced it. */
function suspect(scene: Scene, rules: readonly Rule[]): Rule | undefined {
  const segment = outgoing(scene);
  const hop = nextHop(scene, segment);
  const isNeighbour =
    hop !== undefined && isUnresolved(scene, hop) && questions(scene, hop.address).length > 0;
  if (!segment || (!isNeighbour && scene.place?.stage !== 'bridge' && scene.place?.stage !== 'port'))
    return undefined;
  if (!isNeighbour && !confirmed(scene, NETFILTER)) return undefined;
  const both = attachments(scene);
  const frame = {
    devs: [
      ...namesOnHost(segment.hops),
      ...both.flatMap(({ port, bridge }) => [port?.name ?? [], bridge?.name ?? []].flat()),
    ],
    macs: [
      ...both.flatMap(({ link, bridge }) => [link.mac ?? [], bridge?.mac ?? []].flat()),
      ...(isNeighbour ? ['ff:ff:ff:ff:ff:ff'] : []),
    ],
    isNeighbour,
  };
  return rules.find(
    (rule) =>
      isLayerTwo(rule) && (!isNeighbour || isByText(rule)) && ends(rule.verdict) && mayTake(rule, frame),
  );
}

/** More would be no help. */
const NAMED = 4;

const shortened = (rules: readonly Rule[]): string =>
  list([
    ...rules.slice(0, NAMED).map(ruleShown),
    ...(rules.length > NAMED ? [`${rules.length - NAMED} more`] : []),
  ]);

/** A captured frame of the search was lost on the bridge, and its rules say which of them take it. */
function ofFrame(lost: LostFrame): Claim | null {
  const { rules, isSure, place, after, before, address, isAnswer } = lost;
  const [rule] = rules;
  // Ports that are kept apart, or closed, are the plainer reason where no rule surely takes it.
  const ports = [after, before].map(({ link }) => link.port);
  const isOpen = ports.every((port) => !port || port.state === 'forwarding');
  const isApart = ports.every((port) => port?.isolated);
  if (!rule || (!isSure && (!isOpen || isApart))) return null;
  const what = isAnswer
    ? `the answer that tells the MAC address of ${address}`
    : `the question for the MAC address of ${address}`;
  const seen = `${capital(what)} was seen at ${after.name} and not at ${before.name}`;
  if (rules.length > 1)
    return {
      sure: 'supported',
      what: `a rule of the bridge's firewall drops ${what}, one of ${rules.length}: ${shortened(rules)}`,
      why: `${seen}. Compared with that frame all other rules between the two let it pass; what these ask the frame does not tell.`,
      do: 'Look which of them counts it, and let these frames pass before it.',
      place,
    };
  return {
    sure: 'supported',
    what: `a rule of the bridge's firewall drops ${what}: ${ruleShown(rule)}`,
    why: `${seen}. Compared with that frame, ${ruleName(rule)} is the ${isSure ? 'first between the two that ends' : 'only one between the two that can end'} it.`,
    ...mending(rule),
    place,
  };
}

/** One that only hands frames on to other chains, as by a map, does so for whoever else meets it. */
const fixesOf = (rule: Rule): readonly Fix[] => {
  if (rule.number === null) return opening(rule, null);
  return ends(rule.verdict) ? deletion(rule, null) : [];
};

/** What is to be done about a rule, or about a policy. */
const mending = (rule: Rule): Required<Pick<Claim, 'do' | 'owner' | 'rule' | 'fixes'>> => ({
  do: rule.owner
    ? `Change it where ${rule.owner} is configured.`
    : 'Remove the rule, or let these frames pass before it.',
  owner: rule.owner,
  rule,
  fixes: fixesOf(rule),
});

export default cause({
  id: 'bridge-firewall-drop',
  title: 'A firewall rule of the bridge drops the frame',
  explain: `Bridges have firewalls of their own: ebtables, arptables, and the nft families bridge and arp. They see frames, ARP
included, and iptables knows nothing of them: its counters stay at zero.

A rule against spoofed MAC addresses that has not followed a change, or one that drops ARP, leaves the container without
its neighbour or gateway. \`nft list ruleset\`, \`ebtables-save -c\` and \`arptables-save\` list them.`,
  needs: ['ruleHits', 'firewall'],
  ofData: true,
  over: [
    'firewall-rule-drop',
    'bridge-netfilter-drop',
    'neighbour-unanswered',
    'neighbour-absent',
    'container-wrong-gateway',
    'bridge-port-isolated',
    'legacy-rules-drop',
  ],
  examine(scene) {
    const hit = endingHit(scene);
    const traced = hit?.side === 'host' && isLayerTwo(hit.rule) ? hit : undefined;
    if (hit && !traced) return null;
    if (!traced && (scene.place === null || refuted(scene, NETFILTER))) return null;
    const lost = traced ? undefined : lostFrame(scene);
    if (lost) return ofFrame(lost);
    const rule = traced?.rule ?? suspect(scene, scene.firewall.host);
    if (!rule) return null;
    return {
      sure: traced ? surely(traced) : 'supported',
      what: `a rule of the bridge's firewall drops it: ${ruleShown(rule)}`,
      why: traced
        ? `The frames met ${ruleName(rule)} and ended there.`
        : `The frames end on the bridge, and ${ruleName(rule)} drops what looks like them.`,
      ...mending(rule),
    };
  },
});
