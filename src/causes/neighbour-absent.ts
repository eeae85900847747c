import { covering, holder } from '../kernel/attachment.ts';
import { isCarrying, tunnelOf } from '../kernel/behind-tunnel.ts';
import { NOTHING, refuted } from '../kernel/drops.ts';
import { isUnresolved, nextHop, questions, reached } from '../kernel/next-hop.ts';
import { hostHears, isChild } from '../kernel/parents.ts';
import { ip } from '../kernel/routing.ts';
import { fromAnyView, netnsOf, outgoing, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { linkNamed } from '../model/stack.ts';
import { fromStateIn } from '../words/telling.ts';

export default cause({
  id: 'neighbour-absent',
  title: 'Nobody on the link owns the address',
  explain: `The destination should be a direct neighbour, and nobody on the link answers for its address: the container it belonged
to is gone, has another address now, or the machine is off. After about three seconds the sender hears "No route to host".

\`ip neigh\` shows the address as INCOMPLETE or FAILED, and a capture shows the question again and again. Names that still
lead to an old address (a cached DNS answer, a line in /etc/hosts, an environment variable) are the usual reason.`,
  needs: ['members', 'residents'],
  forEverybody: true,
  over: ['no-reply-from-destination'],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      if (scene.place === null || refuted(scene, NOTHING)) return null;
      const hop = nextHop(scene, outgoing(scene));
      if (!hop || !isUnresolved(scene, hop) || linkNamed(hop.stack, hop.dev)?.noarp) return null;
      // A child on the uplink's wire that nobody answers, while the host is answered there: the wire does not hear it.
      const link = linkNamed(hop.stack, hop.dev);
      const isOnWire = link !== undefined && isChild(link);
      if (isOnWire && hostHears(scene, hop.address)) return null;
      // A cable without carrier carries no question: its other end is down.
      if (link?.carrier === false) return null;
      const onUplink = hop.asker.kind === 'uplink';
      const tunnel = tunnelOf(hop);
      if (hop.isGateway && !onUplink && !isOnWire && !tunnel) return null;
      // Through a tunnel that carries nothing nobody would answer.
      if (tunnel && !isCarrying(hop)) return null;
      // Children of the card live in namespaces that only they tell of: nobody owns it as far as all of them were looked into.
      if ((onUplink || isOnWire) && !scene.residents.isWhole) return null;
      if (
        holder(scene, hop.address) ||
        scene.members.some((one) => one.addresses.some((own) => own.split('/')[0] === hop.address))
      )
        return null;
      const asked = questions(scene, hop.address).length > 0;
      // A question that is lost on its way says nothing about whom it was for.
      const last = hop.segment.hops.at(-1);
      if (asked && last && scene.captured.has(last.id) && !reached(scene, hop).includes(last.id)) return null;
      return {
        sure: asked ? 'proved' : 'supported',
        what: `nobody on ${hop.dev} owns ${hop.address}`,
        why: `${sideName(hop.side)} asks for ${hop.address} on ${hop.dev}${link && covering(link, hop.address) ? ', whose network holds that address,' : ''} and gets no answer: ${hop.isGateway ? 'the gateway' : 'the target'} is gone, or has another address.`,
        do: hop.isGateway
          ? 'Look whether the gateway is up, and whether its address is the right one.'
          : 'Start the target, or ask for the address that it has now.',
        evidence: [
          fromStateIn(
            netnsOf(scene, hop.side),
            `${hop.address} has no neighbour entry that works`,
            [...ip(scene.flow.family), 'neigh', 'show', hop.address],
            hop.asker.id,
          ),
        ],
      };
    }),
});
