import type { Machine } from '../../host/machine.ts';
import { replyTo } from '../../kernel/forwarding.ts';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Answerer, ReplyRoute } from '../../model/facts.ts';
import { carrier } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import { fact, type Ground } from '../fact.ts';
import { type RouteQuestion, routeGet } from '../route-get.ts';

interface Asked {
  readonly netns: Netns | null;
  readonly question: RouteQuestion;
  readonly expected: string;
  /** Does a socket of that namespace answer, and not somebody whose answer is passed on? */
  readonly answers: boolean;
}

/**
 * Rules may choose by the user whose socket answers (uidrange) and by its mark (SO_MARK). Without either the kernel decides
 * as for root, which is what it does itself for a ping.
 */
function answererOf(machine: Machine, { flow, path }: Ground, { netns }: Asked): Answerer {
  const proto = carrier(flow);
  const port = path.realPort ?? flow.port;
  const sockets = proto === 'icmp' || port === null ? undefined : machine.sockets(netns);
  const waiting = (sockets?.known ? sockets.value : []).filter(
    (one) =>
      one.proto === proto &&
      one.sourcePort === port &&
      (proto === 'tcp' ? one.state === 'LISTEN' : one.state === 'UNCONN'),
  );
  const own = waiting.find(({ source }) => source === path.realDestination) ?? waiting[0];
  return { ...(own?.uid ? { uid: own.uid } : {}), ...(own?.mark ? { mark: own.mark } : {}) };
}

/**
 * Who routes the reply, and by which interface it should leave. Where the host forwards, it is the host, for a packet
 * that comes in where the request went out; by then connection tracking has given the reply its real addresses back.
 * Elsewhere it is the one who answers, from the address asked. Who asks from outside is known once he was seen.
 */
function question(ground: Ground): Asked | null {
  const { flow, path } = ground;
  const { hops, stages, realDestination } = path;
  const to = replyTo(ground);
  if (to === null) return null;
  const pair = { to, from: realDestination };
  const forward = stages.findIndex(
    (stage, index) =>
      stage === 'forward' && hops[index]?.where === 'host' && hops[index - 1]?.where === 'host',
  );
  if (forward > 0) {
    return {
      netns: null,
      question: { ...pair, iif: hops[forward]!.name, proto: flow.proto },
      expected: hops[forward - 1]!.name,
      answers: false,
    };
  }
  const last = hops.at(-1);
  // Past an uplink somebody else answers.
  if (!last || path.ending === 'outside') return null;
  const netns = last.where === 'host' ? null : last.netns;
  return { netns, question: pair, expected: last.name, answers: true };
}

/** Where the kernel would send the answer, asked before there is one. */
export default fact({
  name: 'replyRoute',
  async gather(machine: Machine, ground: Ground): Promise<Answer<ReplyRoute>> {
    const asked = question(ground);
    if (!asked) return notKnown('not-asked', 'the answer is not routed on this host', []);
    const by = asked.answers ? answererOf(machine, ground, asked) : undefined;
    const decision = await routeGet(machine, asked.netns, { ...asked.question, ...by });
    if (!decision.known) {
      return notKnown('unreadable', decision.refusal ?? 'the route could not be asked', decision.argv);
    }
    return known({ decision, expected: asked.expected, ...(by ? { by } : {}) }, decision.argv);
  },
});
