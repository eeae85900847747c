import { droppedHere } from '../kernel/drops.ts';
import { cause } from '../model/cause.ts';
import type { LateAnswers } from '../model/late-answers.ts';
import { exitHop, isAt } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';
import { count, spanInSeconds } from '../words/text.ts';

/** `the first SYN of each connection to 198.51.100.1 is lost`: of the SYNs as many as were seen to leave before the one that was answered. */
function firstOnes({ lost, after }: LateAnswers, address: string): string {
  const to = `of each connection to ${address}`;
  if (lost?.most === 1) return `the first SYN ${to} is lost`;
  if (lost && lost.least === lost.most) return `the first ${lost.most} SYNs ${to} are lost`;
  return lost
    ? `the first SYNs ${to} are lost, ${lost.least} to ${lost.most} of them`
    : `the SYNs of the first ${spanInSeconds(after)} ${to} are lost`;
}

export default cause({
  id: 'first-syn-unanswered',
  title: 'Beyond this host the first SYNs of each connection are lost',
  explain: `Every connection comes to stand, and late: the SYN that opens it is not answered, and one that TCP sends again is, the first
after a second (RFC 6298), then after two, three … since Linux 6.5, and after three, seven … before (tcp_syn_linear_timeouts).
Programs are slow to connect; those that wait less than that never do.

Filters against floods of SYNs drop the first of an unknown connection on purpose, since a real client repeats it, and a
forged one does not. A limit of connections a second drops more of them, and so does what stands before a server that is
started when it is asked for. A far end of which the neighbour or the state has to be found first loses the first one of all,
and not of each. Both ends and the way are right otherwise.

By hand: \`tcpdump -ttni UPLINK 'tcp[13] & 2 != 0 and host DESTINATION'\` shows each SYN before the answer;
\`nstat -az TcpExtTCPSynRetrans\` counts those that were sent again.`,
  needs: [],
  over: ['no-reply-from-destination', 'no-return-route'],
  examine(scene) {
    const { answersLate: late, outcomes, flow, symptom, control } = scene;
    const uplink = exitHop(scene);
    if (!late || symptom.kind !== 'silence' || !isAt(scene, 'beyond') || !uplink) return null;
    if (droppedHere(scene)) return null;
    const host = !control?.asked
      ? ''
      : control.again
        ? ' It is the same for the host itself: this is no matter of the container.'
        : control.answered
          ? ' The host itself is answered at once: something on the way treats the container differently.'
          : '';
    const { connections, lost, after } = late;
    // Of a line that loses at random some come through at the second try, and others at the third, or do not.
    const isEach = connections >= outcomes.length;
    const isAlike = lost?.least === lost?.most;
    const later = spanInSeconds(after);
    const answered = `answered only when ${connections === 1 ? 'its SYN' : 'their SYNs'} had been sent again`;
    const were = connections === 1 ? 'was' : 'were';
    return {
      sure: isEach && isAlike ? 'proved' : 'supported',
      what: isEach
        ? `beyond this host ${firstOnes(late, flow.address)}, and the one that is sent again after ${later} is answered`
        : `beyond this host SYNs to ${flow.address} are lost: ${connections} of ${count(outcomes.length, 'connection')} ${were} ${answered}, and the others not at all`,
      why: isEach
        ? `${count(connections, 'connection')} left through ${uplink.name}, and ${connections === 1 ? 'it' : 'each'} was answered only when its SYN had been sent again, after ${later}.${host} Whoever connects waits so long each time.`
        : `${count(outcomes.length, 'connection')} left through ${uplink.name}, and ${connections} ${were} ${answered}.${host}`,
      do: !isEach
        ? 'Look for what loses packets on the way there: a filter against floods of SYNs would lose the first one of each connection, and no other.'
        : !isAlike
          ? 'Look for a limit of connections a second, or for what loses packets on the way there: a filter that drops the first SYNs of an unknown connection drops as many of each.'
          : 'Ask whoever runs the filter or balancer before the destination: protection against floods of SYNs, or a limit of connections, drops the first of an unknown connection. Let it know this host’s address, or have it answer with SYN cookies instead.',
      evidence: [
        fromState(
          `${lost && lost.most > 1 ? 'several' : 'two'} SYNs of a connection left before it was answered`,
          ['tcpdump', '-ttni', uplink.name, 'host', flow.address, 'and', 'tcp[13] & 2 != 0'],
          uplink.id,
        ),
      ],
    };
  },
});
