import { type Setting, setSysctls } from '../fixes/sysctl.ts';
import { CONTRASTS, contrastWords, decisive } from '../kernel/contrast.ts';
import { droppedHere } from '../kernel/drops.ts';
import { entrance, leavingPacket } from '../kernel/packet-of.ts';
import { clausesOf, fits } from '../kernel/rule-clauses.ts';
import { netnsOf } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Fix, Risk } from '../model/fix.ts';
import { type Contrast, exitHop, isAt, type Scene } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';
import { list } from '../words/text.ts';

type Seen = Scene & Pick<Facts, 'sysctls' | 'firewall'>;

const OVER = ['no-reply-from-destination', 'no-return-route', 'first-syn-unanswered'] as const;

interface Refused {
  readonly scene: Seen;
  readonly by: Contrast;
  /** The uplink's name. */
  readonly uplink: string;
}

/** What the container's packet has, and the host's own is refused with too. */
function refused(scene: Seen, trait: Contrast['trait']): Refused | null {
  const by = decisive(scene.control);
  const uplink = exitHop(scene);
  if (droppedHere(scene)) return null;
  if (scene.symptom.kind !== 'silence' || !isAt(scene, 'beyond') || by?.trait !== trait || !uplink)
    return null;
  return { scene, by, uplink: uplink.name };
}

function claim(
  { scene, by, uplink }: Refused,
  said: Pick<Claim, 'what' | 'do'> & Partial<Claim>,
  from: string,
): Claim {
  const others = (scene.control?.contrasts ?? []).filter((one) => one !== by);
  const beside =
    others.length > 0
      ? ` The two differ in ${list(others.map(contrastWords))} too, which does not decide.`
      : '';
  return {
    sure: 'proved',
    why: `The request left through ${uplink} with ${contrastWords(by)}, and nothing came back. The host itself is answered by ${scene.flow.address}; asking with ${CONTRASTS[by.trait]} ${by.lost} and all else its own, twice, it is not.${from}${beside}`,
    evidence: [
      fromState(
        `the container's packet has ${contrastWords(by)}`,
        ['tcpdump', '-vni', uplink, 'host', scene.flow.address],
        `host/${uplink}`,
      ),
    ],
    ...said,
  };
}

/** The rule of this host that gave the packet this, as it would be met on its way out. */
function ruleThat(scene: Seen, sets: RegExp): Rule | undefined {
  const uplink = exitHop(scene);
  if (!uplink) return undefined;
  const packet = {
    ...leavingPacket(scene, scene.path.sourceAddress ?? '', uplink.name),
    in: entrance(scene),
  };
  return scene.firewall.host.find(
    (rule) =>
      rule.hook !== 'output' &&
      rule.chain !== 'OUTPUT' &&
      sets.test(rule.text) &&
      fits(clausesOf(rule), packet) !== false,
  );
}

const from = (rule: Rule | undefined): string => (rule ? ` ${ruleName(rule)} sets it: ${rule.text}.` : '');
const byRule = (rule: Rule | undefined): Partial<Claim> => (rule ? { rule, owner: rule.owner } : {});

/** A sysctl of the container, where it is known. */
function setting(scene: Seen, key: string, value: string, title: string, risk: Risk = 'safe'): Fix[] {
  const before = scene.sysctls.container[key];
  if (scene.flow.from !== 'container' || before === undefined || before === value) return [];
  const one: Setting = { key, value, before };
  return [setSysctls([one], netnsOf(scene, 'container'), { title, risk })];
}

const ECN = 'net.ipv4.tcp_ecn';

const ecnRefused = cause({
  id: 'ecn-refused',
  title: 'Somebody beyond this host drops connections that ask for ECN',
  explain: `The container asks for explicit congestion notification when it opens a connection: its SYN carries the flags ECE and CWR
(RFC 3168). Most hosts do not ask (net.ipv4.tcp_ecn=2: only when asked), and some firewalls and balancers drop what asks. The
host itself passes, a container whose namespace or image asks does not.

With net.ipv4.tcp_ecn_fallback=1 the kernel repeats the SYN without, after a second: such programs are slow to connect, and
without it they never do.

By hand: \`tcpdump -vni UPLINK 'tcp[13] & 0xc2 = 0xc2'\` shows such SYNs leave.`,
  needs: ['sysctls', 'firewall'],
  over: OVER,
  examine(scene) {
    const found = refused(scene, 'ecn');
    if (!found) return null;
    const value = scene.sysctls.container[ECN];
    const asks = value !== undefined && value !== '0' && value !== '2';
    return claim(
      found,
      {
        what: `connections that ask for ECN are dropped beyond this host`,
        do: `Let the container not ask for it (net.ipv4.tcp_ecn=2, the kernel's default: where the container was made, --sysctl net.ipv4.tcp_ecn=2), or have the filter on the way let ECE and CWR pass. net.ipv4.tcp_ecn_fallback=1 lets a second try go without.`,
        fixes: asks ? setting(scene, ECN, '2', 'Ask for ECN only where the other side does') : [],
      },
      asks
        ? ` The container asks for it: ${ECN} is ${value} there.`
        : ' No sysctl of the container asks for it: a route with `features ecn`, or the program.',
    );
  },
});

const TTL = 'net.ipv4.ip_default_ttl';
const SETS_TTL = /--(ttl|hl)-(set|inc|dec)|\bttl set\b|\bhoplimit set\b/;

const ttlRefused = cause({
  id: 'ttl-refused',
  title: 'Somebody beyond this host drops packets by their time to live',
  explain: `Each router takes one from the time to live of a packet, and a container stands behind one router more than its host: its
packets leave with 63 where the host's own leave with 64. Providers of mobile lines, hotel networks and some data centres
tell shared lines by that, and drop what does not come from the first machine. Others ask for a least value (GTSM, RFC 5082).

By hand: \`tcpdump -vni UPLINK\` shows the value; \`ping -t 63 ADDRESS\` from the host asks with the container's.`,
  needs: ['sysctls', 'firewall'],
  over: OVER,
  examine(scene) {
    const found = refused(scene, 'ttl');
    if (!found) return null;
    const rule = ruleThat(scene, SETS_TTL);
    const more = Number(found.by.answered) - Number(found.by.lost);
    const begins = Number(scene.sysctls.container[TTL]) + more;
    const fits = !rule && scene.flow.family === 4 && begins > 0 && begins < 256;
    return claim(
      found,
      {
        what: `packets with a time to live of ${found.by.lost} are dropped beyond this host`,
        do: rule
          ? `Let ${ruleName(rule)} set ${found.by.answered}, as the host's own packets have it, or spare this flow.`
          : `Let the container's packets leave with ${found.by.answered}, as the host's own do${fits ? ` (${TTL}=${begins} there)` : ''}, where whoever runs the line allows that.`,
        ...byRule(rule),
        fixes: fits
          ? setting(
              scene,
              TTL,
              `${begins}`,
              `Start with a time to live of ${begins}, and leave with ${found.by.answered}`,
            )
          : [],
      },
      from(rule),
    );
  },
});

const SETS_DSCP = /--set-(dscp|tos)|\bdscp set\b|\btos set\b/;

const dscpRefused = cause({
  id: 'dscp-refused',
  title: 'Somebody beyond this host drops packets of this DSCP',
  explain: `The container's packets leave with another code point of differentiated services (RFC 2474) than the host's own: a rule on
this host, a tc action or the program set it. A network beyond that polices classes, or a firewall that takes odd values for an
attack, drops them.

By hand: \`tcpdump -vni UPLINK\` shows "tos 0x…"; \`ping -Q 0x… ADDRESS\` from the host asks with the container's.`,
  needs: ['sysctls', 'firewall'],
  over: OVER,
  examine(scene) {
    const found = refused(scene, 'dscp');
    if (!found) return null;
    const rule = ruleThat(scene, SETS_DSCP);
    return claim(
      found,
      {
        what: `packets with DSCP ${found.by.lost} are dropped beyond this host`,
        do: `Ask whoever runs the network beyond which classes it carries, and let ${rule ? ruleName(rule) : 'whoever sets it (a tc action, the program)'} set one of those, or spare this flow.`,
        ...byRule(rule),
      },
      from(rule),
    );
  },
});

const SETS_MSS = /\bTCPMSS\b|\bmaxseg size set\b/;
/** Sysctls by the words of `optionWords`: ip-sysctl.rst. */
const OF_OPTION: readonly (readonly [RegExp, string])[] = [
  [/timestamps/, 'net.ipv4.tcp_timestamps'],
  [/SACK/, 'net.ipv4.tcp_sack'],
  [/^no window scale/, 'net.ipv4.tcp_window_scaling'],
];

const optionsRefused = cause({
  id: 'tcp-options-refused',
  title: 'Somebody beyond this host drops connections by an option of their SYN',
  explain: `A SYN says what its sender can do: largest segment (MSS), window scale, selective acknowledgement, timestamps. The
container's differs from the host's own in one of these, since its sysctls, its MTU or a rule of this host make it so, and a
filter beyond drops it: one against tiny segments (SACK panic, CVE-2019-11477), one that takes an unusual SYN for a scan.

By hand: \`tcpdump -vni UPLINK 'tcp[13] & 2 != 0'\` shows the options of both.`,
  needs: ['sysctls', 'firewall'],
  over: OVER,
  examine(scene) {
    const found = refused(scene, 'tcp-option');
    if (!found) return null;
    const { lost, answered } = found.by;
    const rule = /MSS/.test(lost) ? ruleThat(scene, SETS_MSS) : undefined;
    const first = scene.path.hops[0];
    const mtu = /MSS/.test(lost) && !rule ? first?.link.mtu : undefined;
    const key = OF_OPTION.find(([words]) => words.test(lost))?.[1];
    const own = key && scene.sysctls.host[key];
    const differs = key && own !== undefined && scene.sysctls.container[key] !== own;
    return claim(
      found,
      {
        what: `connections whose SYN has ${lost} are dropped beyond this host`,
        do: rule
          ? `Let ${ruleName(rule)} set more, or have the filter beyond let it pass.`
          : mtu !== undefined
            ? `Give ${first?.name} a larger MTU, if its path carries one, or have the filter beyond let it pass.`
            : `Let the container ask as the host does${differs ? ` (${key}=${own})` : ''}, or have the filter beyond let it pass.`,
        ...byRule(rule),
        fixes: differs ? setting(scene, key, own, `Ask with ${answered}, as the host does`) : [],
      },
      rule
        ? from(rule)
        : mtu !== undefined
          ? ` ${first?.name} has an MTU of ${mtu}.`
          : differs
            ? ` ${key} is ${scene.sysctls.container[key]} in the container, and ${own} on the host.`
            : '',
    );
  },
});

export default [ecnRefused, ttlRefused, dscpRefused, optionsRefused];
