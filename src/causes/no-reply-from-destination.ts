import { arrival, ownerOf } from '../kernel/arrival.ts';
import { askedInVain, type InVain } from '../kernel/behind-tunnel.ts';
import { cameHome } from '../kernel/came-home.ts';
import { contrastWords, decisive } from '../kernel/contrast.ts';
import { droppedHere, endings, NOTHING } from '../kernel/drops.ts';
import { sourceOnUplink } from '../kernel/nat.ts';
import { isPrivate } from '../kernel/nat-intent.ts';
import { outerPacket } from '../kernel/outer-packet.ts';
import { insideWords, leftInside } from '../kernel/outer-seen.ts';
import { ownQuestion } from '../kernel/own-question.ts';
import { hostHears } from '../kernel/parents.ts';
import { ip } from '../kernel/routing.ts';
import { netnsOf, sideName } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Facts, Side } from '../model/facts.ts';
import { type Hop, isTunnel } from '../model/path.ts';
import type { Resident } from '../model/resident.ts';
import { type Control, exitHop, isAt, losing, type Scene, seen } from '../model/scene.ts';
import type { ProbeOutcome } from '../model/sighting.ts';
import { fromState, fromStateIn } from '../words/telling.ts';
import { capital, count, list, seconds } from '../words/text.ts';

/** In what the two packets differ as they leave, and whether one of it decides. */
function inWords(control: Control): string {
  const { contrasts = [] } = control;
  if (contrasts.length === 0) return '';
  const decides = decisive(control);
  const asked = decides
    ? ` Asking with ${contrastWords(decides)} alone, the host gets none either: that decides.`
    : ' The host is answered, or not asked, with each of these alone.';
  return ` As they leave, its packet has ${list(contrasts.map(contrastWords))}.${asked}`;
}

/** A container on the uplink's own wire (macvlan, ipvlan) asks its neighbours in vain, while they answer this host. */
function unheardChild(scene: Scene): boolean {
  const first = scene.path.hops[0];
  const uplink = exitHop(scene);
  if (!first || !uplink || !/^(mac|ip)vlan$/.test(first.kind) || !isAt(scene, 'send')) return false;
  const { gateway } = scene.path.sourceRoute;
  const nextHop = gateway ?? scene.flow.address;
  return seen(scene, uplink.id, 'neighbour').length > 0 && hostHears(scene, nextHop);
}

/** Who refuses is not silent. */
const isHeard = ({ result }: ProbeOutcome): boolean => result === 'answered' || result === 'refused';

/** What became of the host's own question to the same end. */
function hostsOwn(scene: Scene): string {
  const { control, outcomes } = scene;
  const uplink = exitHop(scene);
  if (!control?.asked) return '';
  if (outcomes.some(isHeard))
    return control.answered
      ? ' The host itself gets an answer from there, as others of these did: it is not by who asks that some are lost.'
      : ' The host itself, which asked once, gets none either, and others of these did: it is not by who asks that some are lost.';
  if (control.answered)
    return ` The host itself gets an answer from there: something on the way treats the container differently.${inWords(control)}`;
  return uplink && isTunnel(uplink.kind)
    ? ` The host itself gets no answer either${ownQuestion(scene) === 'silent' ? ', by the same tunnel' : ''}${leftInside(scene) ? '.' : ': what becomes of its outer packets was not followed.'}`
    : ' The host itself gets no answer either: the destination was silent for everybody here.';
}

/** How long was listened, in milliseconds: silence is told of so long a time, and no longer. Undefined for what ends on this host. */
const listened = ({ waited, place }: Scene): number | undefined =>
  place?.stage === 'beyond' ? waited : undefined;

function within(scene: Scene): string {
  const time = listened(scene);
  if (time === undefined) return '';
  const isAgain = scene.flow.proto === 'tcp' && time > AGAIN;
  return ` in ${seconds(time)}${isAgain ? ', in which the SYN was sent again' : ''}`;
}

const ASKED = { icmp: 'ping', tcp: 'connection', udp: 'datagram', dns: 'question' } as const;

function silent(scene: Scene, address: string): string {
  const time = listened(scene);
  const { outcomes, flow } = scene;
  const ping = flow.proto === 'icmp' ? ' ping' : '';
  const answered = outcomes.filter(isHeard).length;
  if (answered > 0)
    return `${address} answered only ${answered} of ${count(outcomes.length, ASKED[flow.proto])}${time === undefined ? '' : ` within ${seconds(time)}`}`;
  return time === undefined
    ? `${address} does not answer${ping}`
    : `${address} did not answer${ping} within ${seconds(time)}`;
}

/** What will be in the way of an answer next, where nobody gets one. Seen on both ends; no rule was asked. */
function asItself(scene: Scene): string {
  const leaves = sourceOnUplink(scene);
  return leaves && !leaves.rewritten && isPrivate(leaves.source)
    ? ` It left with the container's own address ${leaves.source}: it was not rewritten here.`
    : '';
}

/** Who answers nobody here may be further away than that: delay is no loss. */
function hint(scene: Scene): string {
  const time = listened(scene);
  if (time === undefined || scene.control?.answered) return '';
  const wait = Math.ceil(time / 1000) + 2;
  return ` Where an answer may take longer than that, wait longer: --wait ${wait} --timeout ${3 * wait}.`;
}

/** TCP sends a SYN again after a second: RFC 6298. Milliseconds. */
const AGAIN = 1200;

const IGNORES = 'net.ipv4.icmp_echo_ignore_all';

/** Who answers no ping at all does so by a setting of its namespace, and somebody meant it: Documentation/networking/ip-sysctl.rst. */
const ignoresPing = ({ flow, sysctls }: Scene & Pick<Facts, 'sysctls'>, side: Side | null): side is Side =>
  flow.proto === 'icmp' && flow.family === 4 && side !== null && sysctls[side][IGNORES] === '1';

/** Nobody answers the search that the request waits for, and it went into a tunnel. */
function behind(scene: Scene, { hop, tunnel }: InVain): Claim {
  const { address, dev, isGateway } = hop;
  const question = address.includes(':') ? 'neighbour discovery' : 'ARP';
  const end = outerPacket(scene, tunnel)?.destination;
  const inside = end === undefined ? 'inside outer packets' : `in packets for ${end}`;
  return {
    sure: 'supported',
    what: `nobody behind the tunnel ${tunnel.name} answers for ${address}${isGateway ? `, by which ${scene.flow.address} is reached` : ''}`,
    why: `${capital(sideName(hop.side))} asks for ${address} on ${dev} by ${question}, and nobody answers. What enters ${tunnel.name} leaves ${inside}, of which nobody saw what becomes.${hostsOwn(scene)}`,
    do: `Look whether the far end of ${tunnel.name} is up and takes its packets, then whether ${address} is there.`,
    evidence: [
      fromStateIn(
        netnsOf(scene, hop.side),
        `${address} has no neighbour entry that works`,
        [...ip(scene.flow.family), 'neigh', 'show', address],
        hop.asker.id,
      ),
    ],
  };
}

/** It was sent out of this host, and the address is on this host. */
const led = ({ address, netns, name }: Resident, hop: Hop): Claim => ({
  sure: 'supported',
  what: `${address} is an address of ${name} on this host, and the way to it leads out by ${hop.name}`,
  why: `The request left through ${hop.name} and nothing came back. ${capital(name)} holds ${address}, and no route of this host leads there.`,
  do: `Let a route for ${address} lead to ${name}, or ask for an address that is reached from here.`,
  evidence: [
    fromStateIn(netns, `${name} holds ${address}`, ['ip', 'address', 'show', 'to', address]),
    fromState(`the request was seen on ${hop.name}`, ['tcpdump', '-ni', hop.name, 'host', address], hop.id),
  ],
});

export default cause({
  id: 'no-reply-from-destination',
  title: 'It left this host correctly and nothing came back',
  explain: `The request went through this host as it should, with an address that can be answered, and no answer arrived. What is
wrong lies at the destination or on the way to it: a firewall that drops in silence, a host that is down, one that ignores
ping, a switch or cloud network that refuses the container's MAC or address.

Where a ping is lost, a handshake is tried beside it. netdoctor sends the same probe from the host itself: when that is answered and
none of the container's, something treats the container differently;
when it is not, the other side is silent for everybody.

By hand: \`tcpdump -ni UPLINK host DESTINATION\` shows requests leave and nothing come back; try another port or protocol.`,
  needs: ['tcpBeside', 'residents', 'sysctls'],
  explains: NOTHING,
  ofSilence: true,
  examine(scene) {
    const inVain = scene.symptom.kind === 'refused' ? undefined : askedInVain(scene);
    if (inVain && endings(scene).length === 0) return behind(scene, inVain);
    const child = unheardChild(scene);
    const beyond = scene.symptom.kind === 'silence' && isAt(scene, 'beyond') && scene.flow.from !== 'outside';
    const delivered = scene.symptom.kind !== 'refused' && isAt(scene, 'deliver') && losing(scene, 'request');
    if (!child && !beyond && !delivered) return null;
    // Nobody need answer a datagram: silence is no fault of its own, where the same one is not answered for this host.
    if (
      (scene.flow.proto === 'udp' && scene.control?.answered !== true) ||
      scene.bigProbe?.vanished ||
      (droppedHere(scene) && !child)
    )
      return null;
    // It never reached the destination: somebody sent it back here.
    if (beyond && cameHome(scene)) return null;
    const uplink = exitHop(scene);
    const { hop, address } = arrival(scene);
    if (!child && !hop) return null;
    const control = hostsOwn(scene);
    const inside = beyond ? leftInside(scene) : undefined;
    const { port, refused } = scene.tcpBeside;
    const beside =
      port === null
        ? ''
        : ` Only ping is lost: a connection to port ${port} is ${refused ? 'refused from there' : 'taken'}.`;
    // What lives on this host, where this way does not lead, is silent for nobody.
    const [resident] = delivered || child ? [] : scene.residents.found;
    if (resident && hop && scene.control?.answered !== true) return led(resident, hop);
    const owner = delivered ? ownerOf(scene, address) : null;
    if (hop && ignoresPing(scene, owner))
      return {
        sure: 'proved',
        what: `${address} answers no ping: ${IGNORES} is 1 there`,
        why: `The request was delivered through ${hop.name}, and ${sideName(owner)} ignores every echo request by this setting.${beside}`,
        do: `Ask the service itself (name its port with --to). Whoever watches it by ping wants ${IGNORES}=0 there; hardening sets it to 1 on purpose.`,
        evidence: [fromStateIn(netnsOf(scene, owner), `${IGNORES} = 1`, ['sysctl', IGNORES], hop.id)],
      };
    return {
      // What a tunnel made of it was not seen to leave.
      sure: delivered || (uplink && isTunnel(uplink.kind) && !inside) ? 'supported' : 'proved',
      what: child
        ? `nobody on the wire behind ${uplink?.name} answers the container's own MAC address`
        : silent(scene, address),
      why: child
        ? `The container's questions left through ${uplink?.name} and nothing came back for it.${control}`
        : `The request ${owner ? 'was delivered' : 'left'} through ${hop?.name}${inside ? `, ${insideWords(inside)},` : ''} and nothing came back${within(scene)}.${control}${beside}${asItself(scene)}`,
      do: `${
        scene.flow.proto === 'icmp'
          ? 'Ask the service itself (name its port with --to): many hosts ignore ping. Else look at the destination.'
          : 'Look at the destination, its firewall, and the network in between.'
      }${
        inside
          ? ` First look at ${inside.destination}, the far end of ${uplink?.name}: whether the packets arrive there, and come out of its tunnel.`
          : uplink?.kind === 'tun'
            ? ` First look at the program that has ${uplink.name} open: whether its packets leave this host, and its far end is there.`
            : ''
      }${child ? '' : hint(scene)}`,
      evidence: hop
        ? [
            fromState(
              `the request was seen on ${hop.name}`,
              ['tcpdump', '-ni', hop.name, 'host', address],
              hop.id,
            ),
          ]
        : [],
    };
  },
});
