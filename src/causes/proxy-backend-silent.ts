import { cause } from '../model/cause.ts';
import { destination } from '../model/flow.ts';
import { fromStateIn } from '../words/telling.ts';
import { seconds } from '../words/text.ts';

export default cause({
  id: 'proxy-backend-silent',
  title: 'A proxy accepts, and whom it carries connections on to does not answer',
  explain: `A program on this host (docker-proxy, socat, systemd-socket-proxyd, a balancer) accepts connections and opens one of its
own for each, to a backend. The kernel answers the client's handshake at once, whatever becomes of that second connection: the
client sees an open port, and nothing that it says is answered until the proxy gives up.

By hand: \`ss -tnp state syn-sent\` in the proxy's network namespace shows its connections to the backend, and whose they are.`,
  needs: [],
  examine({ untaken, path }) {
    if (untaken?.kind !== 'carry' || !untaken.by || !untaken.to) return null;
    const { by, to, connections, waited } = untaken;
    const who = `${by.name} (pid ${by.pid})`;
    const backend = destination(to);
    const netns = path.hops.at(-1)?.netns ?? null;
    return {
      sure: 'proved',
      what: `${who} accepts the connections and carries them on to ${backend}, which does not answer`,
      why: `For each connection that was opened to it, and for each further one, the program opened one of its own to ${backend}: ${connections === 1 ? 'it stands' : `${connections} stand`} in SYN-SENT, sent again in vain for ${seconds(waited)}. The handshake that the client saw is the proxy's own.`,
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
  },
});
