import { type Attachment, attachments, covering, gatewayOf } from '../kernel/attachment.ts';
import { NOTHING, refuted } from '../kernel/drops.ts';
import { within } from '../kernel/nat.ts';
import { isUnresolved, nextHop } from '../kernel/next-hop.ts';
import { decide, ip } from '../kernel/routing.ts';
import { fromAnyView, netnsOf, outgoing, sender, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import type { Address } from '../model/stack.ts';
import { fromStateIn } from '../words/telling.ts';

interface Fault {
  readonly own: Address;
  readonly what: string;
  readonly why: string;
  /** The prefix length it should have, where something tells. */
  readonly prefix?: number;
}

const FLAGS = /^(tentative|dadfailed)$/;

function faultOf(scene: Scene, at: Attachment): Fault | undefined {
  const { family } = scene.flow;
  const all = at.link.addresses.filter((own) => own.family === family && own.scope !== 'link');
  const own = all.find((one) => one.address === scene.path.sourceAddress) ?? all[0];
  if (!own) return undefined;
  if (all.every((one) => one.flags.some((flag) => FLAGS.test(flag)))) {
    const flag = own.flags.find((one) => FLAGS.test(one));
    return {
      own,
      what: `${own.address} is ${flag === 'dadfailed' ? 'a duplicate, says the kernel (dadfailed)' : 'still tentative'}`,
      why: 'An address that has not passed duplicate detection is not used to send, and nobody answers for it.',
    };
  }
  return lengthFault(scene, at, own);
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
  const found = decide(at.stack, { family, destination: from.destination, source: null, iif: null });
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
through (tentative) or has refused (dadfailed).

\`ip addr\` inside shows the address with its length and flags; compare the length with that of the bridge on the host.`,
  needs: [],
  over: [
    'send-refused',
    'container-no-route',
    'container-no-address',
    'neighbour-absent',
    'neighbour-unanswered',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      if (scene.place === null || (refuted(scene, NOTHING) && !sentWithLinkLocal(scene))) return null;
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
          fault.prefix === undefined
            ? 'Give the interface an address that fits its network.'
            : `Set its prefix length to ${fault.prefix}.`,
        fixes: repair(scene, at, fault),
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
