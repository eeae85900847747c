import { setSysctls } from '../fixes/sysctl.ts';
import { confirmed, droppedBy, MARTIAN } from '../kernel/drops.ts';
import { forwarding, markedWays } from '../kernel/forwarding.ts';
import { decide, routeName, ruleTitle } from '../kernel/routing.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { RuleHit, Sysctls } from '../model/facts.ts';
import { isHostAddress, type Scene, seen } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

const OWN = /^IP_LOCAL_SOURCE$/;
/** Where kernels before 6.13 refuse it, without a reason of its own. */
const INPUT_ROUTING = /^(IP_LOCAL_SOURCE|ip_rcv_finish_core|ip_route_input_\w+)$/;

const isOn = (sysctls: Sysctls, dev: string, name: string): boolean =>
  ['all', dev].some((one) => sysctls.host[`net.ipv4.conf.${one}.${name}`] === '1');

/** The mark leads the look-up of the source into a table whose local route makes every source an own one. */
function byMark(scene: Scene & { sysctls: Sysctls; ruleHits: readonly RuleHit[] }): Claim | null {
  const way = forwarding(scene);
  const dev = way?.iif;
  const { source } = way ?? {};
  if (!way || !dev || !source || isHostAddress(scene, source)) return null;
  if (!isOn(scene.sysctls, dev, 'src_valid_mark') || isOn(scene.sysctls, dev, 'accept_local')) return null;
  const told = confirmed(scene, OWN);
  const marking = scene.ruleHits.find(
    ({ rule, side }) => side === 'host' && /MARK|TPROXY|meta mark set/i.test(rule.text),
  );
  if (!told && (!marking || droppedBy(scene, INPUT_ROUTING) === false)) return null;
  const found = markedWays(scene, way).flatMap(({ rule }) => {
    const mark = Number(/fwmark (0x[0-9a-f]+|\d+)/.exec(rule.text)?.[1]);
    const back = decide(scene.stacks.host, {
      ...way.packet,
      destination: source,
      source: null,
      iif: null,
      mark,
    });
    return back.kind === 'route' && back.route.type === 'local' ? [{ rule, route: back.route }] : [];
  })[0];
  if (!found) return null;
  const key = `net.ipv4.conf.${dev}.accept_local`;
  const all = 'net.ipv4.conf.all.src_valid_mark';
  const own = `net.ipv4.conf.${dev}.src_valid_mark`;
  const marks = [all, own].filter((one) => scene.sysctls.host[one] === '1');
  const [first, ...others] = marks.map((one) => ({ key: one, value: '0', before: '1' }));
  if (!first) return null;
  return {
    sure: told ? 'proved' : 'supported',
    what: `${source} is taken for one of this host's own addresses: src_valid_mark leads the check of the source by the mark`,
    why: `${marking ? `A rule marks the packets (${marking.rule.text}), and` : 'A mark selects'} ${ruleTitle(found.rule)}: with src_valid_mark on, ${source} is looked for in that table, and ${routeName(found.route)} says that it is this host's own.`,
    do: `Accept such sources on ${dev}, or switch src_valid_mark off where no VPN needs it.`,
    fixes: [
      setSysctls([{ key, value: '1', before: scene.sysctls.host[key] ?? '0' }], null, {
        title: `Accept own addresses as sources on ${dev}`,
        risk: 'safe',
        affects: `packets that come in by ${dev} with an address of this host as their source`,
      }),
      setSysctls([first, ...others], null, {
        title: 'Check sources without their mark',
        risk: 'disruptive',
        affects: 'VPN clients that route by mark (wg-quick, Tailscale) and rely on it under strict rp_filter',
      }),
    ],
    evidence: marks.map((one) => fromState(`${one} = 1`, ['sysctl', one])),
  };
}

/** What left with this host's address as its source has come back with it: somebody turned it round as it was. */
function turnedRound(scene: Scene): Claim | null {
  const { place, flow, path } = scene;
  const at = place?.direction === 'reply' ? place.after : null;
  if (at?.where !== 'host' || !confirmed(scene, OWN)) return null;
  const left = seen(scene, at.id, 'request')[0]?.source;
  const source = left ?? linkNamed(scene.stacks.host, at.name)?.addresses[0]?.address;
  if (!source || !isHostAddress(scene, source)) return null;
  const via = path.hostRoute?.gateway;
  const router = via ? `the router ${via}` : `the router behind ${at.name}`;
  return {
    sure: 'proved',
    what: `${router} sends the request back to this host with this host's own address ${source} as its source`,
    why: `The request for ${flow.address}${flow.port === null ? '' : ` port ${flow.port}`} left through ${at.name} as coming from ${source} and came back in by it, turned round and not rewritten (half a hairpin): the kernel takes nothing from its own address.`,
    do: `Let the router rewrite the source too when it loops such requests back (NAT reflection, hairpin NAT), or let the name resolve to an address inside: the service is on this host.`,
    evidence: [
      fromState(`${source} is an address of this host`, ['ip', 'address', 'show', 'to', source], at.id),
    ],
  };
}

export default cause({
  id: 'source-is-own',
  title: "It comes in with this host's own address as its source",
  explain: `A packet whose source is one of the receiving host's own addresses is a lie or a loop, and the kernel refuses it.

Two set-ups bring it about honestly. A router that publishes a port of this host is asked for it from this very host: it
turns the request round, rewrites the destination and not the source (half a hairpin NAT), and the request comes home with
the host's own address. And a transparent proxy (TPROXY) marks packets, a rule leads the mark to a table with a local default
route, and src_valid_mark, which VPN clients set, looks for the source in that table too: then every source is an own one.

By hand: \`nstat -az | grep -i martian\`; \`sysctl net.ipv4.conf.all.log_martians=1\` makes the kernel's log name it;
\`ip route get SOURCE mark MARK\` says local where the mark is to blame.`,
  needs: ['sysctls', 'ruleHits'],
  explains: new RegExp(`${MARTIAN.source}|${INPUT_ROUTING.source}`),
  over: [
    'host-route-diverted',
    'no-reply-from-destination',
    'dnat-wrong',
    'rp-filter-drop',
    'reply-route-diverted',
  ],
  examine(scene) {
    if (scene.place === null || scene.flow.family === 6) return null;
    return scene.place.direction === 'request' ? byMark(scene) : turnedRound(scene);
  },
});
