import { forgetEntry } from '../fixes/forget-entry.ts';
import { deletion, listing } from '../fixes/rule.ts';
import { isFresh } from '../kernel/failing.ts';
import { type Differs, differences } from '../kernel/out-of-nat.ts';
import { lastsBy, namesEntry, secondsLeft } from '../kernel/tracked.ts';
import type { Ailment } from '../model/ailment.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Facts, Sysctls, Tracked } from '../model/facts.ts';
import type { Fix } from '../model/fix.ts';
import { destination } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';
import { programOf } from '../words/failing.ts';
import { fromState, ruleName } from '../words/telling.ts';
import { count } from '../words/text.ts';

type Seen = Scene & Pick<Facts, 'conntrack' | 'sysctls' | 'firewall'>;

/** Its program sends still: a packet has renewed it lately. */
function isKeptAlive(entry: Tracked, { host }: Sysctls): boolean {
  const left = secondsLeft(entry);
  const lasts = Number(host[`net.netfilter.${lastsBy(entry)}`] ?? Number.NaN);
  return left !== null && isFresh({ entry, age: (lasts - left) * 1000 });
}

/** How the two leave: where the others' go, or as whose. */
const ways = ({ of, others, own }: Differs): readonly [string, string] =>
  of === 'destination'
    ? [`is led to ${others}, and is answered`, own === null ? 'is led nowhere else' : `is led to ${own}`]
    : [`leaves as ${others}, and is answered`, `leaves as ${own}`];

/** The rule of today, taken away, helps those alone that begin anew. */
const sparing = (differs: Differs, entry: Tracked): Fix[] =>
  differs.today.kind !== 'spared'
    ? []
    : deletion(differs.today.by, null).map((fix) => {
        const forget = forgetEntry(entry);
        return {
          ...fix,
          title: `${fix.title}, and forget the entry that was made by it`,
          apply: [...fix.apply, ...forget.apply],
          undo: [...fix.undo, ...forget.apply],
        };
      });

/** What was seen of one that was answered before. */
const seen = ({ unheard }: Ailment): string =>
  unheard
    ? ` any more (${unheard.sent > 0 ? `${count(unheard.sent, 'datagram')} went out in ${unheard.watched} ms and none came back; ` : ''}${unheard.says})`
    : '';

type Why = Pick<Claim, 'what' | 'do'> & Partial<Claim> & { readonly because: string };

function why(differs: Differs, entry: Tracked, who: string): Why {
  const { today, of } = differs;
  const nat = of === 'destination' ? 'its destination' : 'its source';
  const forget: Pick<Why, 'do' | 'fixes'> = {
    do: 'Delete the entry; the next packet makes a new one by the rules of today.',
    fixes: [forgetEntry(entry)],
  };
  if (of === 'destination' && differs.own !== null && today.kind !== 'spared' && today.kind !== 'unknown')
    return {
      what: `an old connection-tracking entry leads ${who} to ${differs.own}`,
      because: `its tracking entry is older than ${today.kind === 'rewritten' ? `the rule that rewrites its destination today (${today.rules.at(-1)?.text})` : 'the rules of today, of which none leads there'}, and every packet renews it`,
      ...forget,
    };
  if (today.kind === 'spared')
    return {
      what: `${ruleName(today.by)} keeps ${who} out of NAT`,
      because: `${ruleName(today.by)} lets it pass before the rule that rewrites ${nat}: ${today.by.text}`,
      do: 'Let that rule name only what it is meant for. What has begun keeps to its tracking entry: that is to be deleted, too.',
      owner: today.by.owner,
      rule: today.by,
      fixes: sparing(differs, entry),
      evidence: [fromState(today.by.text, listing(today.by))],
    };
  if (today.kind === 'rewritten')
    return {
      what: `an old connection-tracking entry keeps ${who} out of NAT`,
      because: `its tracking entry is older than the rule that rewrites ${nat} today (${today.rules.at(-1)?.text}), and every packet renews it`,
      ...forget,
    };
  const rules = of === 'destination' ? 'PREROUTING' : 'POSTROUTING';
  return {
    what: `${who} is left out of NAT, in which what comes from other ports is`,
    because:
      today.kind === 'untouched'
        ? `no rule of today rewrites ${nat} for this port, and one does for others`
        : 'a rule of today asks what cannot be told from here (the user, a set, a mark), or the entry is older than the rules',
    do: `Look for what the rules of table nat (${rules}) ask of the source port, the user or the mark.`,
  };
}

export default cause({
  id: 'datagrams-untranslated',
  title: 'A program’s datagrams are left out of the NAT that others get',
  explain: `The kernel decides about NAT with the first packet of a flow, and keeps to it as long as packets come. A program that sends
from one port all the time (SIP telephones, VPNs, syslog, DNS forwarders, time) and began while the rule that rewrites its source
or its destination was missing, as when a firewall is loaded anew or a service is made after its clients, keeps to what was
decided then. Whoever asks from another port is translated, and answered; the program never hears. One that was answered before
the rule led to another server goes on to the old one, whatever became of that.

A rule that asks for the source port, the user or a mark does the same to every new flow: to delete the entry helps nobody there.

By hand: \`conntrack -L -p udp --orig-src CONTAINER\` on the host: [UNREPLIED], and the reply's source is the very destination, or
its destination the container itself; \`iptables -t nat -S\` shows what is done to new flows.`,
  needs: ['conntrack', 'sysctls', 'firewall'],
  ofSockets: true,
  examine(scene: Seen) {
    const { ailments = [], conntrack, flow } = scene;
    const here = conntrack.entries.filter(
      ({ original }) =>
        original.destination === flow.address && original.destinationPort === (flow.port ?? null),
    );
    const isUnheard = ({ flags }: Tracked): boolean => flags.includes('UNREPLIED');
    const answered = here.filter((entry) => !isUnheard(entry));
    for (const ailment of ailments) {
      const { kind, socket, holder, unheard } = ailment;
      if (kind !== 'sending') continue;
      const entry = here.find(
        (one) =>
          one.original.sourcePort === socket.sourcePort &&
          (isUnheard(one) || unheard !== undefined) &&
          isKeptAlive(one, scene.sysctls),
      );
      // What becomes of the same question from another port now.
      const others = answered.filter((one) => one !== entry);
      const [differs] = entry ? differences(scene, entry, others) : [];
      if (!entry || !differs) continue;
      const [theirs, own] = ways(differs);
      const who = `what ${programOf(holder)} sends to ${destination(flow)} from port ${socket.sourcePort}`;
      const { because, evidence = [], ...said } = why(differs, entry, who);
      return {
        sure: differs.today.kind === 'unknown' || unheard?.sent === 0 ? 'supported' : 'proved',
        ...said,
        why: `The same question from another port ${theirs}; that from port ${socket.sourcePort} ${own}, and is not${seen(ailment)}: ${because}: ${entry.text}.`,
        evidence: [...evidence, fromState(entry.text, ['conntrack', '-L', ...namesEntry(entry)])],
      };
    }
    return null;
  },
});
