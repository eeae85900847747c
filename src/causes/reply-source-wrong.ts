import { arrival } from '../kernel/arrival.ts';
import { cause } from '../model/cause.ts';
import { isHostAddress, seen } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';

export default cause({
  id: 'reply-source-wrong',
  title: 'The answer comes from another address than the one asked',
  explain: `A host with several addresses may answer a datagram from another of them than was asked: a UDP server that listens on
0.0.0.0 and answers with sendto(2) lets the kernel choose the source, and it takes the address of the interface that leads
back. The sender asked somebody else, and its kernel or program throws the answer away.

DNS clients say "reply from unexpected source". TCP does not suffer from it.

By hand: capture on the container's interface and compare the destination of the question with the source of the answer.`,
  needs: [],
  over: ['connection-refused', 'no-reply-from-destination', 'dns-resolver-silent'],
  examine(scene) {
    const first = scene.path.hops[0];
    if (!first || scene.symptom.kind === 'answered' || arrival(scene).rewritten) return null;
    const { flow } = scene;
    const wrong = seen(scene, first.id, 'reply').find(
      (reply) => reply.source !== flow.address && reply.family === flow.family,
    );
    if (!wrong) return null;
    const whose = isHostAddress(scene, wrong.source) ? `, another address of this host` : '';
    return {
      sure: 'proved',
      what: `the answer comes from ${wrong.source}, not from ${flow.address} that was asked`,
      why: `The question went to ${flow.address}; on ${first.name} the answer shows the source ${wrong.source}${whose}, and the sender's kernel knows no such conversation.`,
      do: `Let the server listen on ${flow.address} itself (or use IP_PKTINFO), or ask ${wrong.source}.`,
      evidence: [
        fromStateIn(
          first.netns,
          `the answer on ${first.name} comes from ${wrong.source}`,
          ['tcpdump', '-ni', first.name, 'host', wrong.source],
          first.id,
        ),
      ],
    };
  },
});
