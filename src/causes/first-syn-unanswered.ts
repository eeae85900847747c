import { droppedHere } from '../kernel/drops.ts';
import { cause } from '../model/cause.ts';
import { exitHop, isAt } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';
import { count } from '../words/text.ts';

export default cause({
  id: 'first-syn-unanswered',
  title: 'Beyond this host the first SYN of each connection is lost',
  explain: `Every connection comes to stand, and a second late: the SYN that opens it is not answered, and the one that TCP sends again
after a second is (RFC 6298). Programs are slow to connect; those that wait less than that second never do.

Filters against floods of SYNs drop the first of an unknown connection on purpose, since a real client repeats it, and a
forged one does not. A far end of which the neighbour or the state has to be found first loses the first one of all, and
not of each. Both ends and the way are right otherwise.

By hand: \`tcpdump -ttni UPLINK 'tcp[13] & 2 != 0 and host DESTINATION'\` shows two SYNs, a second apart, before the answer;
\`nstat -az TcpExtTCPSynRetrans\` counts them.`,
  needs: [],
  over: ['no-reply-from-destination', 'no-return-route'],
  examine(scene) {
    const { answersLate = 0, outcomes, flow, symptom, control } = scene;
    const uplink = exitHop(scene);
    if (answersLate === 0 || symptom.kind !== 'silence' || !isAt(scene, 'beyond') || !uplink) return null;
    if (droppedHere(scene)) return null;
    const host = !control?.asked
      ? ''
      : control.again
        ? ' It is the same for the host itself: this is no matter of the container.'
        : control.answered
          ? ' The host itself is answered at once: something on the way treats the container differently.'
          : '';
    // Of a line that loses at random some come through at the second try, and others do not.
    const isEach = answersLate >= outcomes.length;
    const late = `answered only when ${answersLate === 1 ? 'its SYN' : 'their SYNs'} had been sent again`;
    const were = answersLate === 1 ? 'was' : 'were';
    return {
      sure: isEach ? 'proved' : 'supported',
      what: isEach
        ? `beyond this host the first SYN of each connection to ${flow.address} is lost, and the one that is sent again after a second is answered`
        : `beyond this host SYNs to ${flow.address} are lost: ${answersLate} of ${count(outcomes.length, 'connection')} ${were} ${late}, and the others not at all`,
      why: isEach
        ? `${count(answersLate, 'connection')} left through ${uplink.name}, and ${answersLate === 1 ? 'it' : 'each'} was answered only when its SYN had been sent again.${host} Whoever connects waits that second each time.`
        : `${count(outcomes.length, 'connection')} left through ${uplink.name}, and ${answersLate} ${were} ${late}.${host}`,
      do: isEach
        ? 'Ask whoever runs the filter or balancer before the destination: protection against floods of SYNs drops the first one of an unknown connection. Let it know this host’s address, or have it answer with SYN cookies instead.'
        : 'Look for what loses packets on the way there: a filter against floods of SYNs would lose the first one of each connection, and no other.',
      evidence: [
        fromState(
          'two SYNs of a connection left before it was answered',
          ['tcpdump', '-ttni', uplink.name, 'host', flow.address, 'and', 'tcp[13] & 2 != 0'],
          uplink.id,
        ),
      ],
    };
  },
});
