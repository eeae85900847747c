import type { Machine } from '../../host/machine.ts';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { ReplyRoute } from '../../model/facts.ts';
import type { Netns } from '../../model/netns.ts';
import { fact, type Ground } from '../fact.ts';
import { type RouteQuestion, routeGet } from '../route-get.ts';

interface Asked {
  readonly netns: Netns | null;
  readonly question: RouteQuestion;
  readonly expected: string;
}

/**
 * Who routes the reply, and by which interface it should leave. Where the host forwards, it is the host, for a packet
 * that comes in where the request went out; by then connection tracking has given the reply its real addresses back.
 * Elsewhere it is the one who answers, from the address asked.
 */
function question({ flow, path }: Ground): Asked | null {
  const { hops, stages, sourceAddress, realDestination } = path;
  if (sourceAddress === null) return null;
  const pair = { to: sourceAddress, from: realDestination };
  const forward = stages.findIndex(
    (stage, index) =>
      stage === 'forward' && hops[index]?.where === 'host' && hops[index - 1]?.where === 'host',
  );
  if (forward > 0) {
    return {
      netns: null,
      question: { ...pair, iif: hops[forward]!.name, proto: flow.proto },
      expected: hops[forward - 1]!.name,
    };
  }
  const last = hops.at(-1);
  // Past an uplink somebody else answers.
  if (!last || path.ending === 'outside') return null;
  return { netns: last.where === 'host' ? null : last.netns, question: pair, expected: last.name };
}

/** Where the kernel would send the answer, asked before there is one. */
export default fact({
  name: 'replyRoute',
  async gather(machine: Machine, ground: Ground): Promise<Answer<ReplyRoute>> {
    const asked = question(ground);
    if (!asked) return notKnown('not-asked', 'the answer is not routed on this host', []);
    const decision = await routeGet(machine, asked.netns, asked.question);
    if (!decision.known) {
      return notKnown('unreadable', decision.refusal ?? 'the route could not be asked', decision.argv);
    }
    return known({ decision, expected: asked.expected }, decision.argv);
  },
});
