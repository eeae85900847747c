import { aboutRule } from '../fixes/past-long-end.ts';
import { listing } from '../fixes/rule.ts';
import { firewallName, netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { lasting, programOf } from '../words/failing.ts';
import { fromStateIn, ruleName, ruleShown } from '../words/telling.ts';
import { count } from '../words/text.ts';

export default cause({
  id: 'long-packets-dropped',
  title: 'A firewall rule drops the long packets of a connection',
  explain: `Connections open and short messages pass, and a rule ends packets from a certain length on (\`-m length\`, nft's \`meta
length\`): uploads, pages, query results hang with the first full segment, and the sender repeats it in vain. Such rules are
written against floods of long datagrams, and take TCP too where they do not name a protocol, or name the wrong one.

A rule of this kind for TCP alone lets full-size pings pass, so that nothing else shows it. netdoctor sends no long segments
to services that did not ask for them: it reads the rules that the connection's own packets come to on this host, and names
one only where everything that the rule and those before it ask can be told. \`iptables -nvL\` shows whether its counter grows.`,
  needs: ['firewall'],
  examine(scene) {
    const { longEnd: end } = scene;
    if (!end || end.transfer) return null;
    const { rule, side, hook, length, place, stalled } = end;
    const netns = netnsOf(scene, side);
    const whose = firewallName(side);
    const name = ruleName(rule);
    return {
      sure: 'supported',
      what: `${whose} drops what is long: ${ruleShown(rule)}`,
      why: `Short packets of this connection are answered; ${place.direction === 'reply' ? 'an answer' : 'a request'} of ${length} bytes, which a full segment has here, comes to ${name} (${hook}) and meets all that it asks. None was sent: this is read from the rules.${stalled ? ` What ${programOf(stalled.holder)} has sent there from port ${stalled.socket.sourcePort} has not been acknowledged${lasting(stalled.since)}.` : ''}`,
      ...aboutRule(scene, end),
      evidence: [
        fromStateIn(netns, `${name}: ${rule.text}`, listing(rule), place.after?.id ?? null),
        ...(stalled
          ? [
              fromStateIn(
                scene.target.netns,
                `${count(stalled.socket.retransmits, 'retransmission')} from port ${stalled.socket.sourcePort}`,
                ['ss', '-tanpoi', 'dst', stalled.socket.destination],
              ),
            ]
          : []),
      ],
    };
  },
});
