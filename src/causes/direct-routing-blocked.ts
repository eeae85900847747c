import { accepting } from '../fixes/accept.ts';
import { deletion } from '../fixes/rule.ts';
import { within } from '../kernel/nat.ts';
import { asked, clausesOf } from '../kernel/rule-clauses.ts';
import { endingHit, hookOf, surely } from '../kernel/rules.ts';
import { cause } from '../model/cause.ts';
import { isHostAddress, type Scene } from '../model/scene.ts';
import { namesOf, ruleName } from '../words/telling.ts';

/** The address the packets were for, where the rule names its whole subnet, as the newest Docker's does. */
function aimedAt({ flow, path }: Scene, values: readonly string[]): string {
  const ends = [path.realDestination, flow.address, path.sourceAddress];
  const named = values.filter((value) => /^[\da-f.:]+(\/\d+)?$/i.test(value));
  const inside = ends.find((end) => end !== null && named.some((value) => within(end, value)));
  return inside ?? values[0]?.split('/')[0] ?? '';
}

/** A bridge that a person has named for the runtime shows nothing of it in the rule. */
const runtimeOf = ({ target }: Scene, bridges: readonly string[]): string | null =>
  target.networks.some(({ bridge }) => bridge !== null && bridges.includes(bridge)) ? target.runtime : null;

export default cause({
  id: 'direct-routing-blocked',
  title: 'Packets routed straight to a container address are dropped',
  explain: `Since version 28, Docker drops packets for a container's own address that do not come in by the container's bridge: a
rule of the table raw (with its nftables backend, of the chain raw-PREROUTING), before all others. Containers are meant to
be reached by published ports. Whoever routed the container's subnet through the host (a VPN, a LAN with a static route,
another network of the same host) is cut off, and the counters of the filter table stay at zero.

Publish the port, or make the network with the option com.docker.network.bridge.gateway_mode_ipv4=nat-unprotected or
routed. The replies to a network that is not masqueraded die there too.`,
  needs: ['ruleHits'],
  over: ['firewall-rule-drop', 'network-isolation', 'forward-policy-drop', 'input-rule-drop'],
  examine(scene) {
    const hit = endingHit(scene);
    if (hit?.side !== 'host' || hit.rule.number === null) return null;
    const { rule } = hit;
    const clauses = clausesOf(rule);
    const isRaw = rule.table === 'raw' || /raw/i.test(rule.chain) || hookOf(scene, hit) === 'prerouting';
    const to = asked(clauses, 'destination');
    const by = asked(clauses, 'in');
    if (!isRaw || !to || to.not || by?.not !== true) return null;
    const address = aimedAt(scene, to.values);
    // An address of the host is nobody's own behind it: wg-quick keeps that of its tunnel so.
    if (isHostAddress(scene, address)) return null;
    const { after } = namesOf(scene);
    const isReply = hit.direction === 'reply';
    const dev = scene.place?.after?.where === 'host' ? scene.place.after.name : null;
    const words = ['-d', address, ...(dev ? ['-i', dev] : [])];
    return {
      sure: surely(hit),
      what: `packets routed straight to ${address} are dropped: ${rule.text}`,
      why: isReply
        ? `The replies come in by ${after} for the container's own address, since the network is not masqueraded, and ended at ${ruleName(rule)}.`
        : `The packets come in by ${after} for the container's own address, and ended at ${ruleName(rule)}, which lets in only what comes by ${by.values.join(' or ')}.`,
      do: 'Publish the port and ask for that, or let the network be routed directly.',
      owner: rule.owner ?? runtimeOf(scene, by.values),
      fixes: [
        ...accepting(rule, [{ chain: rule.chain, match: words }], null, {
          title: `Let packets for ${address} in${dev ? ` by ${dev}` : ''}`,
          risk: 'disruptive',
          affects: `every port of ${address}, within what the filter table allows`,
        }),
        ...(rule.engine === 'nft' ? deletion(rule, null) : []),
      ],
    };
  },
});
