import { known } from '../../model/answer.ts';
import type { Tracked } from '../../model/facts.ts';
import { fact } from '../fact.ts';
import { parseTable } from '../parse/conntrack.ts';

const PROTOCOLS = { 4: ['tcp', 'udp', 'icmp'], 6: ['tcp', 'udp', 'icmpv6'] } as const;

/**
 * Whoever answered did so to the very address that asked. What stands for days says nothing of now: a connection, and a
 * conversation of UDP that the program's own datagrams keep alive. That one is assured by its first packet more than two seconds
 * after it began, whoever sends it (nf_conntrack_udp_packet, net/netfilter/nf_conntrack_proto_udp.c).
 */
const isAnswered = ({ proto, original, reply, flags, text }: Tracked): boolean =>
  !flags.includes('UNREPLIED') &&
  reply.destination === original.source &&
  reply.source === original.destination &&
  !(proto === 'tcp' && text.includes(' ESTABLISHED ')) &&
  !(proto === 'udp' && flags.includes('ASSURED'));

/**
 * Conversations of whatever protocol that the flow's source had lately with its destination, whose source nothing rewrote, and
 * that were answered: an answer finds its way back to that address. None where the kernel does not tell. Source: ctnetlink.
 */
export default fact({
  name: 'answeredAsItself',
  gather(machine, { flow, path }) {
    const { sourceAddress: source } = path;
    if (source === null || flow.from !== 'container') return known([], []);
    const found = PROTOCOLS[flow.family].flatMap((proto) => {
      const wanted = { family: flow.family, proto, source, destination: flow.address };
      const told = machine.kernelTells('tracked', null, wanted);
      return told.known ? parseTable(told.value.join('\n')).filter(isAnswered) : [];
    });
    return known(found, ['conntrack', '-L', '-d', flow.address, '-s', source]);
  },
});
