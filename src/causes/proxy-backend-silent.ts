import { type Claim, cause } from '../model/cause.ts';
import { destination } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import { isCarriedOn, type Untaken } from '../model/untaken.ts';
import { fromStateIn, processName } from '../words/telling.ts';
import { seconds } from '../words/text.ts';
import { silentInWords } from '../words/waited-for.ts';

/** What was seen of it by all of its kinds. */
type Carried = Required<Pick<Untaken, 'by' | 'to'>> & Untaken;

const isCarried = (untaken: Untaken | null | undefined): untaken is Carried =>
  untaken != null && isCarriedOn(untaken) && untaken.by !== undefined && untaken.to !== undefined;

/** Nobody answers the handshake. */
function unopened(untaken: Carried, netns: Netns | null): Claim {
  const { to, connections, waited } = untaken;
  const who = processName(untaken.by);
  const backend = destination(to);
  return {
    sure: 'proved',
    what: `${who} accepts the connections and carries them on to ${backend}, which does not answer`,
    why: `For each connection or question that came to it, and for each further one, the program opened one of its own to ${backend}: ${connections === 1 ? 'it stands' : `${connections} stand`} in SYN-SENT, sent again in vain for ${seconds(waited)}. The handshake that the client saw is the proxy's own.`,
    do: `Ask why ${backend} does not answer who asks from there (netdoctor … --to ${backend}), or correct the backend that the proxy is told.`,
    evidence: [
      fromStateIn(netns, `${who} has connections to ${backend} in SYN-SENT`, [
        'ss',
        '-tnp',
        'state',
        'syn-sent',
        'dst',
        to.address,
      ]),
    ],
  };
}

/** Somebody does, and then says nothing. */
function unanswered(untaken: Carried, netns: Netns | null): Claim {
  const { to, connections } = untaken;
  return {
    sure: 'proved',
    ...silentInWords(untaken, processName(untaken.by)),
    evidence: [
      fromStateIn(
        netns,
        `${processName(untaken.by)} had ${connections} connections to ${destination(to)} over which nothing came`,
        ['ss', '-tnpi', 'dst', to.address],
      ),
    ],
  };
}

export default cause({
  id: 'proxy-backend-silent',
  title: 'A proxy accepts, and whom it carries connections on to does not answer',
  explain: `A program on this host (docker-proxy, socat, systemd-socket-proxyd, a balancer, a web server that asks another one) accepts
connections and opens one of its own for each, to a backend. The kernel answers the client's handshake at once, whatever
becomes of that second connection: the client sees an open port, and nothing that it says is answered until the proxy gives
up. The backend's kernel too answers handshakes and acknowledges data for a program that is stopped or hangs.

By hand: \`ss -tnp state syn-sent\` in the proxy's network namespace shows its connections to a backend that is not there, and
whose they are; \`ss -tnpi\` those that stand: bytes_acked tells what was said over them, and where bytes_received is missing
nothing ever came back.`,
  needs: [],
  examine({ untaken, path }) {
    if (!isCarried(untaken)) return null;
    const netns = path.hops.at(-1)?.netns ?? null;
    return untaken.kind === 'mute' ? unanswered(untaken, netns) : unopened(untaken, netns);
  },
});
