import { deletion, iptables } from '../fixes/rule.ts';
import { decisive } from '../kernel/contrast.ts';
import { NO_FILTER } from '../kernel/drops.ts';
import { type Leaving, sourceOnUplink, subnetOf, within } from '../kernel/nat.ts';
import { isPrivate } from '../kernel/nat-intent.ts';
import { type Rewrite, sourceRewrites } from '../kernel/nat-rules.ts';
import { leavingPacket } from '../kernel/packet-of.ts';
import { fits } from '../kernel/rule-clauses.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import { exitHop, linkNow, type Scene } from '../model/scene.ts';
import { linkHolding, linkNamed } from '../model/stack.ts';
import { fromState, ruleName } from '../words/telling.ts';

/** Why an answer to this address cannot come back through the uplink, or undefined where it can. */
function astray(scene: Scene, shown: string): string | undefined {
  const uplink = exitHop(scene);
  const holder = linkHolding(scene.stacks.host, shown);
  if (!holder) return 'which no interface of this host holds';
  const decides = decisive(scene.control);
  if (decides?.trait === 'source' && decides.lost === shown)
    return `which nobody beyond answers: the host itself is answered as ${decides.answered}, and not as ${shown}`;
  if (!uplink || holder.name === uplink.name || !isPrivate(shown)) return undefined;
  const own = linkNow(scene, uplink)?.addresses ?? [];
  if (own.some((one) => within(shown, subnetOf(one.address, one.prefix)))) return undefined;
  return `which is this host's address on ${holder.name}, not on ${uplink.name}`;
}

/**
 * MASQUERADE takes the first address of the interface, and of another one where it has none (inet_select_addr): not
 * the `src` of the route, by which the host itself sends. That one, for an interface without an address.
 */
function borrowing(scene: Scene, uplink: string, target: string | null): string | undefined {
  const link = linkNamed(scene.stacks.host, uplink);
  const own = link?.addresses.some(({ family, scope }) => family === 4 && scope === 'global');
  if (!/^masquerade$/i.test(target ?? '') || !link || own || scene.flow.family !== 4) return undefined;
  const route = scene.stacks.host.routes.find(({ dev, source }) => dev === uplink && source !== null);
  const { source } = route ?? {};
  return source && linkHolding(scene.stacks.host, source) ? source : undefined;
}

function naming(rewrite: Rewrite | undefined, { subnet, uplink }: Leaving, address: string): Fix {
  const tool = iptables(4, rewrite?.rule.engine === 'iptables-legacy');
  const rule = ['POSTROUTING', '-s', subnet, '-o', uplink, '-j', 'SNAT', '--to-source', address] as const;
  return {
    title: `Rewrite the source to ${address} on ${uplink}`,
    risk: 'safe',
    lasts: 'until reboot, or until the rules are loaded again',
    affects: `what ${subnet} sends through ${uplink}`,
    apply: [run([tool, '-t', 'nat', '-I', ...rule])],
    undo: [run([tool, '-t', 'nat', '-D', ...rule])],
  };
}

/** The address by which the host itself sends there, from which it was seen to be answered or may be. */
function ownOf(scene: Scene, shown: string): string | undefined {
  const uplink = exitHop(scene);
  const link = uplink && linkNow(scene, uplink);
  const told = scene.control?.contrasts?.find(({ trait }) => trait === 'source')?.answered;
  const first = link?.addresses.find(({ family, scope }) => family === 4 && scope === 'global')?.address;
  const own = told ?? first;
  return own === shown ? undefined : own;
}

export default cause({
  id: 'snat-wrong-address',
  title: 'The source is rewritten to an address that cannot come back here',
  explain: `On its way out the container's address was replaced, as it should be, but by an address to which the outside
does not answer this host: an SNAT rule that names an address the host lost or never had, or one of another interface.

It comes about when the host's address changed under a fixed SNAT rule, when a rule was copied from another machine, and
with several uplinks. The request leaves, nothing on this host drops it, and the answer goes elsewhere.

By hand: capture on the uplink and look at the source, and compare \`iptables -t nat -S POSTROUTING\` with \`ip address\`.`,
  needs: ['firewall'],
  explains: NO_FILTER,
  over: ['no-reply-from-destination', 'no-return-route', 'masquerade-missing'],
  examine(scene) {
    const leaves = sourceOnUplink(scene);
    if (!leaves?.rewritten || scene.symptom.kind !== 'silence') return null;
    const why = astray(scene, leaves.shown);
    if (why === undefined) return null;
    const packet = leavingPacket(scene, leaves.source, leaves.uplink);
    const rewrite =
      sourceRewrites(scene.firewall.host).find(({ address }) => address === leaves.shown) ??
      sourceRewrites(scene.firewall.host).find(({ clauses }) => fits(clauses, packet) === true);
    const borrowed = rewrite && borrowing(scene, leaves.uplink, rewrite.clauses.target);
    const own = scene.flow.family === 4 ? ownOf(scene, leaves.shown) : undefined;
    return {
      // A provider may route an address here that no interface holds: the host's own probe tells that apart.
      sure: scene.control?.answered ? 'proved' : 'supported',
      what: `the source is rewritten to ${leaves.shown}, ${why}${borrowed ? `: ${leaves.uplink} has no IPv4 address, and MASQUERADE borrows one` : ''}`,
      why: `The request left through ${leaves.uplink} as coming from ${leaves.shown}, and no answer came back.${rewrite ? ` ${ruleName(rewrite.rule)} rewrites it: ${rewrite.rule.text}.` : ''}`,
      do: borrowed
        ? `Name the address: SNAT to ${borrowed}, which the host's own routes name as their source.`
        : 'Rewrite the source to an address of the uplink (MASQUERADE takes it by itself), or remove the rule.',
      owner: rewrite?.rule.owner ?? null,
      fixes: borrowed
        ? [naming(rewrite, leaves, borrowed)]
        : [
            ...(own && rewrite?.rule.engine !== 'nft' ? [naming(rewrite, leaves, own)] : []),
            ...(rewrite ? deletion(rewrite.rule, null) : []),
          ],
      evidence: [
        fromState(`${leaves.shown} is not an address of ${leaves.uplink}`, [
          'ip',
          'address',
          'show',
          'dev',
          leaves.uplink,
        ]),
      ],
    };
  },
});
