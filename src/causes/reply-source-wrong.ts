import { answeredFrom } from '../kernel/answered-from.ts';
import { cause } from '../model/cause.ts';
import { isHostAddress } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';

export default cause({
  id: 'reply-source-wrong',
  title: 'The answer comes from another address or port than the one asked',
  explain: `A host with several addresses may answer a datagram from another of them than was asked: a UDP server that listens on
0.0.0.0 and answers with sendto(2) lets the kernel choose the source, and it takes the address of the interface that leads
back. The sender asked somebody else, and its kernel or program throws the answer away.

An answer from another port of the same address meets the same end, unless its protocol is known for it.

DNS clients say "reply from unexpected source". TCP does not suffer from it.

By hand: capture on the container's interface and compare the destination of the question with the source of the answer.`,
  needs: [],
  over: [
    'connection-refused',
    'no-reply-from-destination',
    'dns-resolver-silent',
    'firewall-rule-drop',
    'forward-policy-drop',
    'input-rule-drop',
    'conntrack-invalid-drop',
    'reply-route-diverted',
  ],
  examine(scene) {
    if (scene.symptom.kind === 'answered') return null;
    const found = answeredFrom(scene);
    if (!found) return null;
    const { hop, asked, answer } = found;
    const samePlace = answer.source === asked.destination;
    const [from, to] = samePlace
      ? [`port ${answer.sourcePort} of ${answer.source}`, `port ${asked.destinationPort}`]
      : [answer.source, asked.destination];
    const whose = !samePlace && isHostAddress(scene, answer.source) ? `, another address of this host` : '';
    return {
      sure: 'proved',
      what: `the answer comes from ${from}, not from ${to} that was asked`,
      why: `The question went to ${asked.destination}${samePlace ? ` port ${asked.destinationPort}` : ''}; on ${hop.name} the answer shows the source ${answer.source}${samePlace ? ` port ${answer.sourcePort}` : ''}${whose}, and ${hop.where === 'host' ? "this host's connection tracking" : "the sender's kernel"} knows no such conversation.`,
      do: samePlace
        ? `Let the server answer from the port that was asked, or ask port ${answer.sourcePort}.`
        : `Let the server listen on ${asked.destination} itself (or use IP_PKTINFO), or ask ${answer.source}.`,
      evidence: [
        fromStateIn(
          hop.netns,
          `the answer on ${hop.name} comes from ${samePlace ? `port ${answer.sourcePort}` : answer.source}`,
          ['tcpdump', '-ni', hop.name, 'host', answer.source],
          hop.id,
        ),
      ],
    };
  },
});
