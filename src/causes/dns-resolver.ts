import { arrival, isLoopback, ownerOf, sideName } from '../kernel/arrival.ts';
import { isHalfTold, isOfKind } from '../kernel/drops.ts';
import { listenersOn, SHOW_LISTENERS, takes } from '../kernel/listening.ts';
import { netnsOf } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Resolver } from '../model/facts.ts';
import type { Hop } from '../model/path.ts';
import { isAt, linkNow, type Scene } from '../model/scene.ts';
import { asksResolver, EMBEDDED, resolverAddress } from '../wire/dns.ts';
import { fromState, fromStateIn } from '../words/telling.ts';
import { list } from '../words/text.ts';

/** Nobody has the socket, or who has it takes no more: net/ipv4/udp.c, tcp_ipv4.c. */
const THERE = /^(NO_SOCKET|_{0,2}udp\w*|tcp_v[46]_rcv\w*)$/;

/** Did the library ask this address since it could read none of those that the file names? */
const isUnread = ({ returns, nameservers }: Resolver, asked: string): boolean =>
  returns === true && !nameservers.includes(asked);

const endsLikeWindows = ({ file, nameservers }: Resolver, asked: string): Claim => ({
  sure: 'proved',
  what: `the lines of resolv.conf end as on Windows (CR LF), so that glibc reads no name server and asks ${asked}`,
  why: `${file} names ${list([...nameservers])}, each with a carriage return behind it, which glibc takes for a part of the address; where it has read none it asks ${asked}. musl passes over the carriage return.`,
  do: `Take the carriage returns out where the file comes from (sed -i 's/\\r$//', dos2unix): ${file}.`,
  evidence: [fromState(`${file} has CR LF behind a name server`, ['cat', '-A', file])],
});

const loopback = cause({
  id: 'dns-resolver-loopback',
  title: 'The resolver named is a loopback address that nobody serves in this namespace',
  explain: `127.0.0.1 and 127.0.0.53 mean "this network namespace". On the host a resolver (systemd-resolved, dnsmasq) may listen
there; a container has a loopback interface of its own, where nothing does. When the host's resolv.conf is copied into a
container unchanged, every question is refused inside the container, and no packet leaves it. So it is where the file was
written on Windows: glibc reads no server whose line ends in CR LF, and asks 127.0.0.1 in its place.

Runtimes replace such an address when they make resolv.conf; a bind mount, a baked-in file or a namespace made by hand does not.

By hand: \`cat /etc/resolv.conf\` in the container, and \`nsenter --net=… ss -lnup 'sport = :53'\`.`,
  needs: ['listeners', 'resolver'],
  over: ['connection-refused', 'dns-resolver-silent', 'listener-on-loopback', 'listener-wrong-family'],
  examine(scene) {
    const { flow } = scene;
    if (flow.from !== 'container' || !asksResolver(flow) || !isLoopback(flow.address)) return null;
    if (flow.address === EMBEDDED || scene.symptom.kind === 'answered') return null;
    const { address, port } = arrival(scene);
    if (listenersOn(scene, 'container', port).some((one) => takes(one, address, flow.family))) return null;
    const { netns } = scene.target;
    if (isUnread(scene.resolver, address)) return endsLikeWindows(scene.resolver, address);
    return {
      sure: scene.symptom.kind === 'refused' ? 'proved' : 'supported',
      what: `${flow.address} is the container's own loopback, where no resolver listens`,
      why: `The question never left the container: nobody there listens on ${flow.address} port ${port ?? 53}.`,
      do: 'Name a resolver that the container can reach: the runtime\u2019s --dns option, or the address of the host\u2019s real upstream.',
      evidence: [fromStateIn(netns, `nobody listens on ${flow.address} port ${port ?? 53}`, SHOW_LISTENERS)],
    };
  },
});

/**
 * Captures and the trace know an answer whose length nobody knows only behind the XDP program of the interface it comes in by
 * (__netif_receive_skb_core, net/core/dev.c): what that one drops is seen by nobody.
 */
function unseenBy(scene: Scene, hop: Hop | null): string {
  const xdp = hop && isAt(scene, 'beyond') ? linkNow(scene, hop)?.xdp : null;
  return hop && xdp
    ? ` ${hop.name} runs an XDP program (${xdp}) on what comes in: an answer that it drops is seen by nobody. Look at it first: ip link show dev ${hop.name}.`
    : '';
}

const silent = cause({
  id: 'dns-resolver-silent',
  ofSilence: true,
  title: 'The resolver asked does not answer',
  explain: `The question arrived where the resolver should be, and no answer came: nobody listens there (refused, at once), or the
resolver is gone or ignores this asker (silence, then a time-out).

A resolver that the runtime or the host runs on the bridge's address was stopped, another program took its port, or
resolv.conf names a server that exists no more.

By hand: \`dig @SERVER example.com\` from the container's namespace; on the server \`ss -lnup 'sport = :53'\`.`,
  needs: [],
  over: [
    'connection-refused',
    'no-reply-from-destination',
    'listener-on-loopback',
    'listener-wrong-family',
    'dns-libraries-differ',
  ],
  formOf: 'no-reply-from-destination',
  examine(scene) {
    const { flow, symptom } = scene;
    if (!asksResolver(flow) || isLoopback(flow.address)) return null;
    const refused = symptom.kind === 'refused';
    const unheard =
      (symptom.kind === 'silence' && isAt(scene, 'beyond')) ||
      (symptom.kind === 'lost' && isAt(scene, 'deliver') && scene.place?.direction === 'request');
    if (!refused && !unheard) return null;
    const drops = scene.drops.known ? scene.drops.value.filter((drop) => drop.hop !== null || refused) : [];
    if (drops.some((drop) => !isHalfTold(drop) && isOfKind(drop, THERE) !== true)) return null;
    const { hop, address } = arrival(scene);
    if (!hop && !refused) return null;
    const side = ownerOf(scene, address);
    const where = side === null ? address : sideName(scene, side);
    const answersHost = !refused && side === null && scene.control?.answered === true;
    return {
      sure: refused || side === null ? 'proved' : 'supported',
      what: refused
        ? `no resolver listens at ${resolverAddress(flow)}`
        : `the resolver ${resolverAddress(flow)} does not answer`,
      why: refused
        ? `The question arrived and ${symptom.from ?? where} answered that nobody listens there.`
        : `The question was last seen at ${hop?.name} on its way to ${where}, and no answer came back.${answersHost ? ' The host itself is answered there: the two are told apart, by the address that asks or by something on the way.' : ''}${unseenBy(scene, hop)}`,
      do: answersHost
        ? 'Have the resolver answer this network too (dnsmasq --local-service answers its own networks alone, others keep a list), or masquerade the container’s questions; else look at what stands on the way.'
        : 'Start the resolver there, or name another one in resolv.conf (the runtime\u2019s --dns option).',
      evidence:
        side === null
          ? [
              fromState(`asked ${resolverAddress(flow)}`, [
                'dig',
                `@${flow.address}`,
                '-p',
                String(flow.port ?? 53),
                flow.question ?? 'example.com',
              ]),
            ]
          : [fromStateIn(netnsOf(scene, side), `who listens in ${where}`, SHOW_LISTENERS)],
    };
  },
});

export default [loopback, silent];
