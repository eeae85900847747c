import { canBeNamed, deletion, iptables, listing, program } from '../fixes/rule.ts';
import { confirmed, isHalfTold, NO_FILTER } from '../kernel/drops.ts';
import { type Leaving, networkOf, sourceOnUplink } from '../kernel/nat.ts';
import { isPrivate, meantToBeNated } from '../kernel/nat-intent.ts';
import { isNotrack, sourceRewrites } from '../kernel/nat-rules.ts';
import { natToday } from '../kernel/nat-today.ts';
import { ownQuestion } from '../kernel/own-question.ts';
import { enteringPacket, leavingPacket } from '../kernel/packet-of.ts';
import { isOfFamily } from '../kernel/rule-chain.ts';
import { clausesOf, fits } from '../kernel/rule-clauses.ts';
import { cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import { type Fix, run } from '../model/fix.ts';
import { isTunnel } from '../model/path.ts';
import { exitHop, type Scene } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';

/** The rule that hides the packet from connection tracking, and so from NAT. */
function untracks(scene: Scene, rules: readonly Rule[], { bridge }: Leaving): Rule | undefined {
  const entering = enteringPacket(scene, bridge);
  return rules.find((rule) => {
    const clauses = clausesOf(rule);
    return isNotrack(clauses) && fits(clauses, entering) !== false;
  });
}

/**
 * Where nothing rewrites IPv6 on this host and no runtime says that it should, its networks are routed: that this one is
 * to be hidden is for a person to say.
 */
const routes6 = (scene: Scene, rules: readonly Rule[]): boolean =>
  scene.flow.family === 6 && !networkOf(scene) && sourceRewrites(rules).length === 0;

function masquerade(scene: Scene, leaves: Leaving, rules: readonly Rule[]): Fix {
  const { family } = scene.flow;
  const legacy = rules.some((rule) => rule.engine === 'iptables-legacy' && rule.table === 'nat');
  const tool = iptables(family, legacy);
  const rule = ['POSTROUTING', '-s', leaves.subnet, '!', '-o', leaves.bridge, '-j', 'MASQUERADE'] as const;
  return {
    title: `Masquerade ${leaves.subnet}`,
    risk: routes6(scene, rules) ? 'disruptive' : 'safe',
    lasts: 'until reboot, or until the rules are loaded again',
    affects: `what ${leaves.subnet} sends anywhere but ${leaves.bridge}`,
    apply: [run([tool, '-t', 'nat', '-A', ...rule])],
    undo: [run([tool, '-t', 'nat', '-D', ...rule])],
  };
}

/** For this destination alone, before the exception: what that one keeps from being rewritten otherwise stays so. */
function before(exception: Rule, leaves: Leaving, { flow, path }: Scene): Fix[] {
  const { engine, table, chain, number } = exception;
  if (engine === 'nft' || table !== 'nat' || number === null || !canBeNamed(exception)) return [];
  const rule = ['-s', leaves.subnet, '-d', path.realDestination, '-o', leaves.uplink, '-j', 'MASQUERADE'];
  const tool = program(exception);
  return [
    {
      title: `Masquerade what ${leaves.subnet} sends to ${flow.address}, before ${ruleName(exception)}`,
      risk: 'disruptive',
      lasts: 'until reboot, or until the rules are loaded again',
      affects: `what ${leaves.subnet} sends to ${path.realDestination}: it no longer sees who asks`,
      apply: [run([tool, '-t', table, '-I', chain, String(number), ...rule])],
      undo: [run([tool, '-t', table, '-D', chain, ...rule])],
    },
  ];
}

/**
 * May a tunnel's outer packets have been lost, so that nobody at its far end had a source to answer to? Whoever is answered
 * through it shows that they are not; else the kernel's account of drops tells, as far as the far end is a reader of it.
 */
const mayEndAtItsEnd = (scene: Scene): boolean =>
  confirmed(scene, /^(VXLAN_\w+|vxlan_rcv)$/) ||
  (ownQuestion(scene) !== 'answered' && (!scene.drops.known || scene.drops.value.some(isHalfTold)));

export default cause({
  id: 'masquerade-missing',
  title: 'The source address is not rewritten on the way out',
  explain: `A container's address is private to its host. On the way out a MASQUERADE or SNAT rule replaces it by the host's
own, so that the answer finds its way back. Without that rule, or where NOTRACK or an exception hides the packet from it,
the request leaves with the container's address and the answer never comes.

It comes about when a firewall is reloaded or flushed after the container runtime wrote its rules, when the runtime was
told not to write any, and with IPv6, for which many set-ups have no rule at all.

It drops nothing: what shows it is the source address seen on the uplink. By hand: \`tcpdump -ni UPLINK host DESTINATION\`
and \`iptables -t nat -S POSTROUTING\`.`,
  needs: ['firewall', 'answeredAsItself'],
  explains: NO_FILTER,
  over: ['no-reply-from-destination', 'no-return-route'],
  possible: (scene) => {
    const leaves = sourceOnUplink(scene);
    return scene.symptom.kind === 'silence' && leaves?.rewritten === false && isPrivate(leaves.source);
  },
  examine(scene) {
    const leaves = sourceOnUplink(scene);
    if (!leaves || leaves.rewritten || scene.symptom.kind !== 'silence') return null;
    // A bridge without routing, macvlan and the like put the container on the uplink's own network.
    if (!scene.path.stages.includes('forward') || !meantToBeNated(scene, leaves)) return null;
    if (isTunnel(exitHop(scene)?.kind ?? '') && mayEndAtItsEnd(scene)) return null;
    // The host asks with an address that needs no rewriting: what it is not answered either is not for want of that.
    if (ownQuestion(scene) === 'silent') return null;
    // Who has just answered that very address, unrewritten, can.
    if (scene.answeredAsItself.length > 0) return null;
    const rules = scene.firewall.host.filter((rule) => isOfFamily(rule, scene.flow.family));
    const leaving = leavingPacket(scene, leaves.source, leaves.uplink);
    const today = natToday(rules, leaving, 'postrouting');
    const hides = untracks(scene, rules, leaves) ?? (today.kind === 'spared' ? today.by : undefined);
    // That it left as it was has another reason, as an entry that NAT does not look at again.
    if (!hides && today.kind === 'rewritten') return null;
    const missed = sourceRewrites(rules).find(({ clauses }) => fits(clauses, leaving) === false);
    const because = hides
      ? ` ${ruleName(hides)} keeps it from being rewritten: ${hides.text}.`
      : missed
        ? ` A rule that rewrites exists and does not match it: ${missed.rule.text}.`
        : '';
    return {
      sure: 'proved',
      what: `the source address is not rewritten: ${hides ? 'an exception comes first' : `nothing masquerades ${leaves.subnet}`}`,
      why: `The request left through ${leaves.uplink} with the container's own address ${leaves.source}, to which nobody outside can answer.${because}`,
      do: hides
        ? 'Let the exception name only what it is meant for, or masquerade this destination before it.'
        : 'Masquerade the network on its way out.',
      owner: hides?.owner ?? null,
      fixes: hides
        ? [...before(hides, leaves, scene), ...deletion(hides, null)]
        : [masquerade(scene, leaves, rules)],
      evidence: [
        fromState(
          hides ? hides.text : `no nat rule rewrites ${leaves.subnet} on its way to ${leaves.uplink}`,
          hides ? listing(hides) : [iptables(scene.flow.family, false), '-t', 'nat', '-S', 'POSTROUTING'],
        ),
      ],
    };
  },
});
