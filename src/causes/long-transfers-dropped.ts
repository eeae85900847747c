import { aboutRule } from '../fixes/past-long-end.ts';
import { listing } from '../fixes/rule.ts';
import { firewallName, netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { destination } from '../model/flow.ts';
import { lasting, programOf } from '../words/failing.ts';
import { fromState, fromStateIn, ruleName } from '../words/telling.ts';
import { count } from '../words/text.ts';

export default cause({
  id: 'long-transfers-dropped',
  title: 'A firewall rule ends connections that have carried so much',
  explain: `Connections open, short answers come, and a download or an upload stands still at the same size each time, or a session that
lasts dies after a while. A rule asks what the connection has carried by then (\`-m connbytes\`, nft's \`ct bytes\`, \`ct packets\`),
and ends all that follows. Such rules are meant to slow down large transfers, or to keep guests from them, and are mostly written
with a mark or a limit in place of DROP.

Every new connection is answered, a probe too: none carries as much. A connection of a program that stands still is what shows it:
connection tracking has counted more for it than the rule lets pass, and what came for it did not come to its socket.

By hand: \`conntrack -L -d ADDRESS\` on the host (packets= and bytes=) beside \`iptables -nvL\`, and \`ss -tinpo dst ADDRESS\` in the
container: lastrcv grows, or what was sent is repeated.`,
  needs: ['firewall'],
  examine(scene) {
    const { longEnd: end, flow, target } = scene;
    if (!end?.transfer || !end.stalled) return null;
    const { rule, side, hook, place, transfer, stalled } = end;
    const { socket, holder } = stalled;
    const whose = firewallName(side);
    const name = ruleName(rule);
    const stands =
      transfer.missing === null
        ? `what it sent has not been acknowledged${lasting(stalled.since)}`
        : `data that came back to this host for it is not acknowledged (${count(transfer.missing, 'byte')} more than came to its socket, with what was sent again), and its socket has got nothing${lasting(socket.info?.lastDataReceived ?? null)}`;
    return {
      sure: 'proved',
      what: `${whose} ends connections that have carried so much: ${rule.text}`,
      why: `New connections are answered. The one of ${programOf(holder)} to ${destination(flow)} from port ${socket.sourcePort} has carried ${count(transfer.bytes, 'byte')} in ${count(transfer.packets, 'packet')}, and stands still: ${stands}. As connection tracking counts it, ${name} (${hook}) now matches every packet of it.`,
      ...aboutRule(scene, end),
      evidence: [
        fromStateIn(netnsOf(scene, side), `${name}: ${rule.text}`, listing(rule), place.after?.id ?? null),
        fromState(transfer.entry, ['conntrack', '-L', '-s', socket.source, '-d', socket.destination]),
        fromStateIn(
          target.netns,
          `from port ${socket.sourcePort}: ${socket.state}, nothing came for ${socket.info?.lastDataReceived ?? '?'} ms, ${count(socket.retransmits, 'retransmission')}`,
          ['ss', '-tanpoi', 'dst', socket.destination],
        ),
      ],
    };
  },
});
