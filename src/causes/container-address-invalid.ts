import { type Attachment, attachments, covering, gatewayOf } from '../kernel/attachment.ts';
import { AT_SOCKET, NOTHING, refuted } from '../kernel/drops.ts';
import { sourceOnUplink, within } from '../kernel/nat.ts';
import { isUnresolved, nextHop } from '../kernel/next-hop.ts';
import { decide, ip, longestMatch, routeName } from '../kernel/routing.ts';
import { type PassedOver, passedOver } from '../kernel/source-choice.ts';
import { asksRoutes, fromAnyView, netnsOf, outgoing, sender, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import type { Scene } from '../model/scene.ts';
import type { Address } from '../model/stack.ts';
import { fromStateIn } from '../words/telling.ts';

interface Fault {
  readonly own: Address;
  readonly what: string;
  readonly why: string;
  readonly do?: string;
  readonly fixes?: readonly Fix[];
  /** The prefix length it should have, where something tells. */
  readonly prefix?: number;
}

const FLAGS = /^(tentative|dadfailed)$/;

/** What became of an address in duplicate address detection (RFC 4862, 5.4): whoever is refused stays tentative too. */
const detected = ({ flags }: Address): { what: string; why: string; do: string } =>
  flags.includes('dadfailed')
    ? {
        what: 'a duplicate, says the kernel (dadfailed)',
        why: 'Duplicate address detection found somebody else on the link who has the address: it is not used here, and its packets go to the other.',
        do: 'Take the address away from the other who has it, or give this interface another; then add it anew, so that the kernel tries again.',
      }
    : {
        what: 'still tentative',
        why: 'An address that has not passed duplicate address detection yet is not used to send, and nobody answers for it.',
        do: 'Wait until the detection is done (dad_transmits times a second), or add the address with nodad where its owner is certain.',
      };

/** Why a better source was not taken, and how it is made one again. */
function unchosen(at: Attachment, { own, because, instead }: PassedOver, netns: Netns | null): Fault {
  const name = `${own.address}/${own.prefix}`;
  const set = (lifetime: string) =>
    run([...ip(6), 'addr', 'change', name, 'dev', at.link.name, 'preferred_lft', lifetime], netns);
  const isStatic = !own.flags.includes('dynamic');
  const better = `${own.address} is the better source by RFC 6724`;
  if (because === 'deprecated')
    return {
      own,
      what: `${own.address} is deprecated, so that ${instead} is the source`,
      why: `${better}, and a deprecated address (its preferred lifetime is 0) is taken only where there is no other. The request left with ${instead}, and no answer came back to that one.`,
      do: isStatic
        ? `Make ${own.address} preferred again.`
        : `See why no router advertisement renews ${own.address}: its preferred lifetime ran out (AdvPreferredLifetime of the router that announced it, accept_ra here).`,
      fixes: isStatic
        ? [
            {
              title: `Make ${own.address} preferred again`,
              risk: 'disruptive',
              lasts: netns ? 'until the container restarts' : 'until the address is set again',
              affects: `new connections then leave with ${own.address} wherever it fits better`,
              apply: [set('forever')],
              undo: [set('0')],
            },
          ]
        : [],
    };
  if (because === 'route') {
    const route = at.stack.routes.find((one) => one.family === 6 && one.source === instead);
    return {
      own,
      what: `${route ? routeName(route) : 'the route'} names src ${instead}, so that ${own.address} is not the source`,
      why: `${better}, and a route that names its source outranks that. The request left with ${instead}, and no answer came back to that one.`,
      do: `Make the route again without src, or with src ${own.address}.`,
    };
  }
  const { what, why, do: advice } = detected(own);
  return { own, what: `${own.address} is ${what}, so that ${instead} is the source`, why, do: advice };
}

/** It left with a source to which nobody answers, and not for want of a better one. */
function passedOverAt(scene: Scene, at: Attachment): Fault | undefined {
  const leaves = sourceOnUplink(scene);
  if (!leaves || leaves.rewritten || scene.symptom.kind !== 'silence') return undefined;
  if (scene.control?.asked && !scene.control.answered) return undefined;
  const better = passedOver(scene);
  return better?.link === at.link ? unchosen(at, better, netnsOf(scene, at.side)) : undefined;
}

/** Where a packet ends that is taken in for everybody on the link. */
const TAKEN_IN = new RegExp(`${AT_SOCKET.source}|^(icmp_\\w+|ping_\\w+)$`);

/**
 * Its answers are taken in by the host: by the length that the bridge's address has, the container's is that of everybody there.
 * Table local holds it so (fib_add_ifaddr, net/ipv4/fib_frontend.c), and is looked up first.
 */
const isEverybody = ({ stacks, flow, place }: Scene, address: string): boolean =>
  place?.direction === 'reply' &&
  longestMatch(stacks.host, 'local', { family: flow.family, destination: address, source: null, iif: null })
    ?.type === 'broadcast';

function everybody(scene: Scene, at: Attachment, own: Address): Fault | undefined {
  const bridged = at.bridge && covering(at.bridge, own.address);
  if (!bridged || !isEverybody(scene, own.address)) return undefined;
  const name = at.bridge?.name;
  return {
    own,
    what: `${own.address} is the broadcast address of ${name}, which holds ${bridged.address}/${bridged.prefix}`,
    why: `The host takes in what is for ${own.address}, as for everybody on ${name}: the answers end there, where no socket waits for them.`,
    do: `Give the container another address, or ${name} the prefix length that the container has (/${own.prefix}).`,
    fixes: [],
  };
}

function faultOf(scene: Scene, at: Attachment): Fault | undefined {
  const { family } = scene.flow;
  const all = at.link.addresses.filter((own) => own.family === family && own.scope !== 'link');
  const own = all.find((one) => one.address === scene.path.sourceAddress) ?? all[0];
  if (!own) return undefined;
  if (all.every((one) => one.flags.some((flag) => FLAGS.test(flag)))) {
    const { what, why, do: advice } = detected(own);
    return { own, what: `${own.address} is ${what}`, why, do: advice };
  }
  return everybody(scene, at, own) ?? passedOverAt(scene, at) ?? lengthFault(scene, at, own);
}

/** Without a usable address the kernel sends with the link-local one, which no router carries on (RFC 4291, 2.5.6). */
const sentWithLinkLocal = ({ sightings, flow }: Scene): boolean =>
  !/^fe80:/i.test(flow.address) &&
  sightings.some(({ kind, source }) => kind === 'request' && /^fe80:/i.test(source));

/** A prefix length that keeps the gateway off the link, or takes the destination for a neighbour. */
function lengthFault(scene: Scene, at: Attachment, own: Address): Fault | undefined {
  const { family } = scene.flow;
  const from = sender(scene);
  if (from?.side !== at.side) return undefined;
  const written = `${own.address}/${own.prefix}`;
  const gateway = gatewayOf(scene, at, family);
  const bridged = at.bridge && covering(at.bridge, own.address);
  const found = decide(at.stack, asksRoutes(from));
  const prefix = bridged?.family === family && bridged.prefix !== own.prefix ? bridged.prefix : undefined;
  if (found.kind === 'none' && gateway && !within(gateway, written)) {
    return {
      own,
      ...(prefix === undefined ? {} : { prefix }),
      what: `the gateway ${gateway} is not on the link of ${written}`,
      why: `${at.link.name} holds ${written}, which does not reach ${gateway}: no route can lead there.`,
    };
  }
  const hop = nextHop(scene, outgoing(scene));
  const alone =
    found.kind === 'route' &&
    found.route.gateway === null &&
    found.route.dev === at.link.name &&
    prefix !== undefined;
  if (
    !alone ||
    !hop ||
    hop.isGateway ||
    !isUnresolved(scene, hop) ||
    !bridged ||
    !within(from.destination, written)
  )
    return undefined;
  if (within(from.destination, `${bridged.address}/${bridged.prefix}`)) return undefined;
  return {
    own,
    prefix,
    what: `the prefix of ${written} is too wide`,
    why: `${at.link.name} takes ${from.destination} for a neighbour, asks for it on its own link, and nobody there answers; the bridge's network is a /${bridged.prefix}.`,
  };
}

function repair(scene: Scene, at: Attachment, { own, prefix }: Fault): Fix[] {
  if (prefix === undefined) return [];
  const { family } = scene.flow;
  const netns = netnsOf(scene, at.side);
  const gateway = gatewayOf(scene, at, family);
  const lacksDefault = !at.stack.routes.some((route) => route.family === family && route.gateway !== null);
  const address = (verb: string, length: number) =>
    run([...ip(family), 'addr', verb, `${own.address}/${length}`, 'dev', at.link.name], netns);
  const route = (verb: string) =>
    run([...ip(family), 'route', verb, 'default', 'via', gateway!, 'dev', at.link.name], netns);
  const needed = gateway !== undefined && lacksDefault;
  const kept = gateway !== undefined && !lacksDefault ? [route('replace')] : [];
  return [
    {
      title: `Make ${own.address} a /${prefix}`,
      risk: 'disruptive',
      affects: 'connections that this container has open',
      lasts: 'until the container restarts',
      apply: [address('add', prefix), address('del', own.prefix), ...(needed ? [route('add')] : kept)],
      undo: [address('add', own.prefix), ...(needed ? [route('del')] : []), address('del', prefix), ...kept],
    },
  ];
}

export default cause({
  id: 'container-address-invalid',
  title: "The container's address cannot work as it is set",
  explain: `The container has an address of the right family that cannot be used: a /32 or /128 whose gateway is not on the
link, a prefix length that takes far destinations for neighbours, or an IPv6 address that duplicate detection has not let
through (tentative) or has refused (dadfailed). Or the address that fits is passed over for one that nobody can answer to:
it is deprecated (its preferred lifetime ran out), or a route names the other as its source. Or the bridge has a smaller
network, of which this is the broadcast address: the host takes in what is for the container.

\`ip addr\` inside shows the address with its length and flags; compare the length with that of the bridge on the host.`,
  needs: [],
  over: [
    'send-refused',
    'container-no-route',
    'container-no-address',
    'neighbour-absent',
    'neighbour-unanswered',
    'masquerade-missing',
    'no-return-route',
    'no-reply-from-destination',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const source = scene.path.sourceAddress;
      const isTakenIn = source !== null && isEverybody(scene, source) && !refuted(scene, TAKEN_IN);
      if (scene.place === null || (refuted(scene, NOTHING) && !sentWithLinkLocal(scene) && !isTakenIn))
        return null;
      const found = attachments(scene).flatMap((at) => {
        const fault = at.link.up ? faultOf(scene, at) : undefined;
        return fault ? [{ at, fault }] : [];
      })[0];
      if (!found) return null;
      const { at, fault } = found;
      const netns = netnsOf(scene, at.side);
      return {
        sure: scene.path.sourceRoute.refusal !== null ? 'proved' : 'supported',
        what: `the address of ${sideName(at.side)} cannot work: ${fault.what}`,
        why: fault.why,
        do:
          fault.do ??
          (fault.prefix === undefined
            ? 'Give the interface an address that fits its network.'
            : `Set its prefix length to ${fault.prefix}.`),
        fixes: fault.fixes ?? repair(scene, at, fault),
        evidence: [
          fromStateIn(
            netns,
            [`${at.link.name} holds ${fault.own.address}/${fault.own.prefix}`, ...fault.own.flags].join(' '),
            [...ip(scene.flow.family), 'addr', 'show', 'dev', at.link.name],
            at.id,
          ),
        ],
      };
    }),
});
