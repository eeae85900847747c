import { accepting, opening } from '../fixes/accept.ts';
import { deletion } from '../fixes/rule.ts';
import { keepSysctls, setSysctls } from '../fixes/sysctl.ts';
import { commonBridge, hitInsideBridge } from '../kernel/inside-bridge.ts';
import { surely } from '../kernel/rules.ts';
import type { Claim } from '../model/cause.ts';
import { cause } from '../model/cause.ts';
import type { Sysctls } from '../model/facts.ts';
import { hopAt, type Scene } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';

/** A DNAT whose answer comes straight back over the bridge, past the translation. */
function shortCut(scene: Scene & { sysctls: Sysctls }): Claim | null {
  const { path, flow, place } = scene;
  const key = `net.bridge.bridge-nf-call-${flow.family === 6 ? 'ip6tables' : 'iptables'}`;
  const value = scene.sysctls.host[key];
  const first = path.hops[0];
  const last = path.hops.at(-1);
  if (value === '1' || !first || !last || flow.from === 'outside' || place === null) return null;
  const real =
    scene.sightings.find((one) => one.kind === 'request' && one.hop === last.id)?.destination ??
    path.realDestination;
  const ports = path.hops.filter((hop) => hop.where === 'host' && hop.link.master !== null);
  const isOneBridge = ports.length > 1 && ports.every((hop) => hop.link.master === ports[0]?.link.master);
  if (real === flow.address || !isOneBridge || first.where === 'host') return null;
  const arrived = scene.sightings.some((one) => one.kind === 'request' && one.hop === last.id);
  const unchanged = scene.sightings.find(
    (one) =>
      one.kind !== 'request' &&
      one.kind !== 'neighbour' &&
      one.source === real &&
      hopAt(scene, one.hop)?.where === first.where,
  );
  if (!arrived && !unchanged) return null;
  const bridge = ports[0]?.link.master ?? 'the bridge';
  const settings = [{ key, value: '1', before: value ?? '0' }] as const;
  return {
    sure: unchanged ? 'proved' : 'supported',
    what: `the answer comes back over ${bridge} past the address translation: ${value === undefined ? 'br_netfilter is not loaded' : `${key} is 0`}`,
    why: `${flow.address} was translated to ${real}, which is on the same bridge as the sender. Bridged frames do not pass the translation, so the answer comes from ${real}, which nobody asked.`,
    do: value === undefined ? 'Load the module br_netfilter.' : 'Send bridged frames through iptables.',
    fixes:
      value === undefined
        ? []
        : [
            setSysctls(settings, null, {
              title: 'Send bridged frames through iptables',
              risk: 'disruptive',
              affects: 'all frames on all bridges of this host meet the rules of FORWARD',
              persist: keepSysctls(settings),
            }),
          ],
    evidence: [fromState(`${key} = ${value ?? 'missing'}`, ['sysctl', key])],
  };
}

export default cause({
  id: 'bridge-netfilter-drop',
  title: 'Bridged frames are filtered by iptables, or are not and should be',
  explain: `With br_netfilter, frames between two ports of one bridge pass the rules of iptables as if they were routed. A policy or
rule of FORWARD that was meant for routed traffic then cuts containers or virtual machines of one bridge off from each
other, while each reaches the outside.

The lack of it breaks something else: a published port asked from the same bridge is translated on the way there, and the
answer comes back over the bridge untranslated. \`sysctl net.bridge.bridge-nf-call-iptables\` shows which it is.`,
  needs: ['ruleHits', 'sysctls'],
  over: [
    'firewall-rule-drop',
    'forward-policy-drop',
    'network-isolation',
    'no-reply-from-destination',
    'reply-source-wrong',
    'dnat-wrong',
    'published-port-unreachable-from-bridge',
  ],
  examine(scene) {
    const hit = hitInsideBridge(scene);
    const bridge = commonBridge(scene);
    if (!hit || !bridge) return hit ? null : shortCut(scene);
    const { rule } = hit;
    const isPolicy = rule.number === null;
    return {
      sure: surely(hit),
      what: `frames inside ${bridge} are filtered by ${rule.engine === 'nft' ? 'nft' : 'iptables'} and dropped: ${isPolicy ? ruleName(rule) : rule.text}`,
      why: `The packets stay on ${bridge}, br_netfilter sends them through the IP firewall all the same, and they ended at ${ruleName(rule)}.`,
      do: `Accept what stays on ${bridge}, or turn bridge-nf-call-iptables off where nothing needs it.`,
      owner: rule.owner,
      rule,
      fixes: [
        ...accepting(rule, [{ chain: 'FORWARD', match: ['-i', bridge, '-o', bridge] }], null, {
          title: `Accept what stays on ${bridge}`,
          affects: `traffic between all containers on ${bridge}`,
        }).filter(() => rule.table === 'filter'),
        ...(isPolicy ? opening(rule, null) : deletion(rule, null)),
      ],
    };
  },
});
