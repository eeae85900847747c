import { forgetEntry } from '../fixes/forget-entry.ts';
import { isFresh } from '../kernel/failing.ts';
import { namesEntry, secondsLeft, sourceRewritten } from '../kernel/tracked.ts';
import { cause } from '../model/cause.ts';
import type { Sysctls, Tracked } from '../model/facts.ts';
import { destination } from '../model/flow.ts';
import { programOf } from '../words/failing.ts';
import { fromState } from '../words/telling.ts';

/** How long an entry lasts that saw no answer: nf_conntrack-sysctl.rst. */
const LASTS = 'net.netfilter.nf_conntrack_udp_timeout';

/** Its program sends still: a packet has renewed it lately. */
function isKeptAlive(entry: Tracked, { host }: Sysctls): boolean {
  const left = secondsLeft(entry);
  const lasts = Number(host[LASTS] ?? Number.NaN);
  return left !== null && isFresh({ entry, age: (lasts - left) * 1000 });
}

export default cause({
  id: 'datagrams-untranslated',
  title: 'A program’s datagrams keep to a tracking entry that is older than the masquerading',
  explain: `The kernel decides about NAT with the first packet of a flow, and keeps to it as long as packets come. A program that sends
from one port all the time (SIP telephones, VPNs, syslog, DNS forwarders) and began while the rule that masquerades was missing,
as when a firewall is loaded anew, keeps leaving with the container's own address. Whoever asks from another port is
masqueraded, and answered; the program never hears.

By hand: \`conntrack -L -p udp --orig-src CONTAINER\` on the host: [UNREPLIED], and the reply's destination is the container itself.`,
  needs: ['conntrack', 'sysctls'],
  ofSockets: true,
  examine({ ailments = [], conntrack, sysctls, flow }) {
    const here = conntrack.entries.filter(
      ({ original }) =>
        original.destination === flow.address && original.destinationPort === (flow.port ?? null),
    );
    const isUnheard = ({ flags }: Tracked): boolean => flags.includes('UNREPLIED');
    // What becomes of the same question from another port now: that is what the rules of today make of it.
    const today = here.find((entry) => sourceRewritten(entry) && !isUnheard(entry));
    if (!today) return null;
    for (const { kind, socket, holder } of ailments) {
      if (kind !== 'sending') continue;
      const entry = here.find(
        (one) =>
          one.original.sourcePort === socket.sourcePort &&
          isUnheard(one) &&
          !sourceRewritten(one) &&
          isKeptAlive(one, sysctls),
      );
      if (!entry) continue;
      const end = destination(flow);
      return {
        sure: 'proved',
        what: `an old connection-tracking entry keeps what ${programOf(holder)} sends to ${end} from port ${socket.sourcePort} out of NAT`,
        why: `The same question from another port leaves as ${today.reply.destination} and is answered; that from port ${socket.sourcePort} leaves as ${entry.original.source}, since its tracking entry is older than the rule that masquerades, and every packet renews it: ${entry.text}.`,
        do: 'Delete the entry; the next packet makes a new one by the rules of today.',
        fixes: [forgetEntry(entry)],
        evidence: [fromState(entry.text, ['conntrack', '-L', ...namesEntry(entry)])],
      };
    }
    return null;
  },
});
