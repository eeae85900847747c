import { deletion } from '../fixes/rule.ts';
import { confirmed, NO_FILTER, QUEUE } from '../kernel/drops.ts';
import { isOfFamily } from '../kernel/rule-chain.ts';
import { clausesOf } from '../kernel/rule-clauses.ts';
import { netnsOf } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import { type Fix, run } from '../model/fix.ts';
import { destination } from '../model/flow.ts';
import type { Hop } from '../model/path.ts';
import { type BigProbe, isOfLength, linkNow, type Scene } from '../model/scene.ts';
import { isPair, linkNamed } from '../model/stack.ts';
import { behindGap, gapShown } from '../words/answer-gap.ts';
import { fromState, fromStateIn, namesOf, ruleName } from '../words/telling.ts';

/** Outer Ethernet, IPv4, UDP and VXLAN headers (RFC 7348): 50 bytes. */
const VXLAN = 50;
/** The smallest MTU that every IPv6 link carries (RFC 8200), and in practice every IPv4 path. */
const SAFE = 1280;

/** Does this rule drop the ICMP errors that tell a sender to use smaller packets? */
function filtersErrors(rule: Rule, family: 4 | 6): boolean {
  const { target, asks } = clausesOf(rule);
  if (target !== 'DROP' && target !== 'REJECT') return false;
  if (!isOfFamily(rule, family)) return false;
  if (
    /fragmentation-needed|frag-needed|packet-too-big|icmp(v6)?-type "?(3|2)\b|destination-unreachable/.test(
      rule.text,
    )
  )
    return true;
  const icmp = asks.some(
    ({ on, not, values }) => on === 'proto' && !not && values.some((value) => /icmp|^1$|^58$/.test(value)),
  );
  return icmp && asks.every(({ on }) => on === 'proto' || on === 'in' || on === 'out');
}

const mtuOf = (scene: Scene, hop: Hop): number => linkNow(scene, hop)?.mtu ?? hop.link.mtu;

function raise(scene: Scene, hop: Hop, to: number): Fix {
  const from = mtuOf(scene, hop);
  const netns = netnsOf(scene, hop.where);
  return {
    title: `Give ${hop.name} the MTU of its neighbours, ${to}`,
    risk: 'safe',
    lasts: 'until the interface is made anew',
    affects: `frames of up to ${to} bytes through ${hop.name}`,
    apply: [run(['ip', 'link', 'set', 'dev', hop.name, 'mtu', String(to)], netns)],
    undo: [run(['ip', 'link', 'set', 'dev', hop.name, 'mtu', String(from)], netns)],
  };
}

/** Lowers the MTU where the packets are made: the source's own interface, or the tunnel. */
function lower(scene: Scene, to: number): Fix[] {
  const tunnel = scene.path.hops.find((hop) =>
    /^(vxlan|geneve|gre|wireguard)$/.test(linkNow(scene, hop)?.kind ?? hop.kind),
  );
  const hop = tunnel ?? scene.path.hops[0];
  if (!hop || mtuOf(scene, hop) <= to) return [];
  const netns = netnsOf(scene, hop.where);
  return [
    {
      title: `Send packets of at most ${to} bytes from ${hop.name}`,
      risk: 'safe',
      lasts: 'until the container or the interface is made anew',
      affects: `everything that ${hop.name} sends; a little more overhead`,
      apply: [run(['ip', 'link', 'set', 'dev', hop.name, 'mtu', String(to)], netns)],
      undo: [run(['ip', 'link', 'set', 'dev', hop.name, 'mtu', String(mtuOf(scene, hop))], netns)],
    },
  ];
}

/** The narrowest interface of this host that the packet would not fit. */
function narrow(scene: Scene, big: Pick<BigProbe, 'size'>): Hop | undefined {
  return scene.path.hops
    .filter((hop) => mtuOf(scene, hop) < big.size)
    .sort((one, two) => mtuOf(scene, one) - mtuOf(scene, two))[0];
}

/** An MTU that gets through: seen to pass, or told by the narrow place. */
function through(scene: Scene, big: BigProbe, at: Hop | undefined): number {
  if (big.passes) return big.passes;
  if (at) return mtuOf(scene, at);
  const tunnel = scene.path.hops.find((hop) => (linkNow(scene, hop)?.kind ?? hop.kind) === 'vxlan');
  const uplink = linkNamed(scene.stacks.host, scene.path.hostRoute?.dev ?? null);
  return tunnel && uplink && mtuOf(scene, tunnel) > uplink.mtu - VXLAN ? uplink.mtu - VXLAN : SAFE;
}

/** Of an answer what is shorter than a full segment came, and full ones in front of it did not; pings of that length do not pass either. */
function ofAnswer(scene: Scene): Claim | null {
  const { flow, exchange } = scene;
  const gap = exchange?.gap;
  if (!gap || !isOfLength(gap) || gap.full === null) return null;
  const { full, missing } = gap;
  const at = narrow(scene, { size: full });
  const { before } = namesOf(scene);
  const width = at && mtuOf(scene, at);
  return {
    sure: 'supported',
    what: `full segments of the answer vanish beyond ${before}, and shorter ones arrive`,
    why: `Of the answer of ${destination(flow)} the first ${missing} bytes were seen on no interface; ${behindGap(gap, before)} The SYN that left there asks for packets of up to ${full} bytes${at ? `, and ${at.name} carries ${width}: whoever answers learns of that by ICMP alone` : ''}.`,
    do: at
      ? `Use an MTU of ${width} where the connection begins, or limit the segments of TCP to what the path carries (TCPMSS).`
      : 'Use an MTU that fits the whole path, or limit the segments of TCP (TCPMSS) on this host.',
    fixes: lower(scene, width ?? SAFE),
    evidence: [
      gapShown(scene, gap, before),
      ...(at
        ? [
            fromStateIn(
              netnsOf(scene, at.where),
              `${at.name} has an MTU of ${width}`,
              ['ip', 'link', 'show', 'dev', at.name],
              at.id,
            ),
          ]
        : []),
    ],
  };
}

export default cause({
  id: 'mtu-black-hole',
  title: 'Small packets pass, full-size ones vanish without an error',
  explain: `Somewhere on the way a link is narrower than the packets. A router there should answer "fragmentation needed" (IPv4) or
"packet too big" (IPv6), so that the sender uses smaller ones. When that answer is filtered, or the narrow place is a bridge,
which cannot answer, full-size packets vanish: ping works, connections open, and then hang with the first real data. It may be
the answers alone: their full segments are lost on the way here, the short one at their end comes, and TCP keeps it from the program.

VPN, PPPoE and overlay tunnels take bytes from every packet; an interface keeps 1500 although its path carries less; a
firewall drops all ICMP; two ports of one bridge differ.

By hand: \`ping -M do -s 1472 DESTINATION\` (1472 and 28 bytes of headers make 1500), and smaller until it passes; \`ip link\` for the MTUs.`,
  needs: ['firewall'],
  explains: NO_FILTER,
  over: ['no-reply-from-destination'],
  ofData: true,
  examine(scene) {
    if (scene.exchange) return ofAnswer(scene);
    const big = scene.bigProbe;
    if (!big?.vanished || big.tooBig !== null) return null;
    // No link is too narrow for what a queue was seen to throw away.
    if (confirmed(scene, QUEUE)) return null;
    const at = narrow(scene, big);
    const { after, before } = namesOf(scene);
    const filter = scene.firewall.host.find((rule) => filtersErrors(rule, scene.flow.family));
    const bridged = at !== undefined && at.kind !== 'uplink' && at.where !== 'container' && isPair(at.link);
    const where = at
      ? `${at.name} carries ${mtuOf(scene, at)} bytes`
      : `the narrow place lies behind ${after}`;
    const silent =
      filter && at ? ` ${ruleName(filter)} drops the error that should tell the sender: ${filter.text}.` : '';
    const widest = Math.max(...scene.path.hops.map((hop) => mtuOf(scene, hop)));
    const fits = through(scene, big, at);
    return {
      sure: 'proved',
      what: `small packets pass and full-size ones of ${big.size} bytes vanish: ${where}`,
      why: `Small probes were answered; one of ${big.size} bytes that must not be fragmented was last seen at ${after}, not at ${before}, and no error came back.${silent}`,
      do: at
        ? bridged
          ? 'Give all interfaces of the bridge the same MTU.'
          : 'Let the error through, or use an MTU that fits the whole path.'
        : 'Use an MTU that fits the whole path, or limit the segments of TCP (TCPMSS) where the narrow link begins.',
      owner: at && filter ? filter.owner : null,
      fixes: [
        ...(filter && at ? deletion(filter, null) : []),
        ...(at && bridged ? [raise(scene, at, Math.min(widest, big.size))] : []),
        ...lower(scene, fits),
      ],
      evidence: [
        at
          ? fromStateIn(
              netnsOf(scene, at.where),
              `${at.name} has an MTU of ${mtuOf(scene, at)}`,
              ['ip', 'link', 'show', 'dev', at.name],
              at.id,
            )
          : fromState(`no interface of this host on the path is narrower than ${big.size} bytes`, [
              'ip',
              'link',
            ]),
      ],
    };
  },
});
