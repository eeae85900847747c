import { corrupterOf } from '../kernel/corrupting-queue.ts';
import { droppedBy, keptSilent } from '../kernel/drops.ts';
import { isHoldingQueue } from '../kernel/holding-queue.ts';
import { orAtSearch } from '../kernel/search.ts';
import { atPlace, deviceOf, namespaceOf } from '../kernel/traffic-control.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { TrafficControl } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { fromState, namesOf } from '../words/telling.ts';
import { count } from '../words/text.ts';

const QUEUE =
  /^(QDISC_\w+|TC_(INGRESS|EGRESS)|\w+_enqueue|qdisc_\w+|__qdisc_\w+|__dev_queue_xmit|__dev_xmit_skb|dev_qdisc_enqueue|tcf_police_act)$/;

/** `netem`, `tbf`, … of `qdisc tbf 8009: root …`. */
const kindOf = (text: string): string =>
  /qdisc (\S+)/.exec(text)?.[1] ?? (/\bpolice\b/.test(text) ? 'police' : 'queue');

/**
 * netem, policers, shapers and tiny limits lose packets on purpose; the usual queues only under load. What clsact and
 * ingress count is their filters' doing.
 */
function loses(one: TrafficControl): boolean {
  if (one.kind === 'filter') return /\bpolice\b/.test(one.text);
  if (/^qdisc (clsact|ingress) /.test(one.text)) return false;
  return (
    /\bloss\b|\bcorrupt\b|\bblackhole\b|\btbf\b|limit [1-9]p?b?\b/.test(one.text) || (one.drops ?? 0) > 0
  );
}

/** Packets wait in it: what has not come out may still come. The usual queues empty themselves in no time. */
const holdsBack = (one: TrafficControl): boolean =>
  one.kind === 'qdisc' && (one.held ?? 0) > 0 && isHoldingQueue(kindOf(one.text));

/** What it corrupts is seen on its own interface, and thrown away behind it. */
function corrupted(scene: Parameters<typeof corrupterOf>[0]): Claim | null {
  const one = corrupterOf(scene);
  if (!one) return null;
  const device = deviceOf(scene, one);
  return {
    sure: 'supported',
    what: `the ${kindOf(one.text)} on ${device} changes it, and whoever gets it throws it away`,
    why: `The packets came as far as ${device} and nothing behind it took them; there stands: ${one.text}. A packet with a bit that is not as it was sent fails its checksum, or is for nobody.`,
    do: 'Remove it.',
    fixes: removal(one, device, namespaceOf(scene, one)),
    evidence: [fromState(one.text, one.argv, one.hop)],
  };
}

/** Takes a root qdisc off; undo builds it again from tc's own text. */
function removal(one: TrafficControl, device: string, netns: Netns | null): Fix[] {
  const spec = /qdisc (\S+) \S+ (?:dev \S+ )?root (?:refcnt \d+ )?(.*)/.exec(
    one.text.split(/\n| {2,}Sent| Sent /)[0] ?? '',
  );
  if (!spec || !/^(netem|tbf|pfifo|bfifo|fq_codel|blackhole)$/.test(spec[1]!)) return [];
  const words = spec[2]!
    .replace(/\bseed \d+/, '')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'ecn');
  const told = words.map((word) =>
    word === 'lat' ? 'latency' : /^\d+[pb]$/.test(word) ? word.slice(0, -1) : word,
  );
  return [
    {
      title: `Remove the ${spec[1]} queue from ${device}`,
      risk: 'safe',
      lasts: 'until reboot, or until it is set again',
      affects: `everything that leaves through ${device}`,
      apply: [run(['tc', 'qdisc', 'del', 'dev', device, 'root'], netns)],
      undo: [run(['tc', 'qdisc', 'add', 'dev', device, 'root', spec[1]!, ...told], netns)],
    },
  ];
}

export default cause({
  id: 'qdisc-drop',
  title: 'A queue, shaper, policer or emulated loss drops it, or holds it back',
  explain: `Every interface has a queue for what leaves it. A shaper (tbf, htb) or a policer with too small a rate or burst, a
queue with too small a limit, or emulated loss (netem) left over from a test drops packets there.

A queue that emulates delay, or a shaper that is full, holds packets back: they come, but later than anybody waits for.
Where the kernel told of no drop and packets wait in the queue, it is said so.

A capture never shows what the queue of the same interface dropped: the packet is missing on the first interface behind it.
What a queue corrupts (netem) is seen there, and whoever gets it throws it away.

By hand: \`tc -s qdisc show dev IFACE\` and look at "dropped"; \`tc -s filter show dev IFACE ingress\` for policers.`,
  needs: ['traffic'],
  ofData: true,
  over: [
    'send-refused',
    'tc-drop',
    'neighbour-unanswered',
    'neighbour-absent',
    'no-reply-from-destination',
    'mtu-black-hole',
  ],
  examine: (whole) =>
    orAtSearch(whole, (scene, isSearch) => {
      const dropped = droppedBy(scene, QUEUE);
      if (dropped === false) return null;
      const found = atPlace(scene).filter(
        (one) => holdsBack(one) || (loses(one) && (!isSearch || (one.drops ?? 0) > 0)),
      );
      const one = found.find((queue) => (queue.drops ?? 0) > 0) ?? found.find(holdsBack) ?? found[0];
      if (!one) return corrupted(scene);
      if (dropped === null && keptSilent(scene) && (one.drops ?? 0) === 0 && !holdsBack(one)) return null;
      const isHeld = holdsBack(one) && dropped !== true;
      const { after, before } = namesOf(scene);
      const device = deviceOf(scene, one);
      const lost = one.drops ? ` It has dropped ${one.drops}.` : '';
      return {
        sure: dropped ? 'proved' : 'supported',
        what: `the ${kindOf(one.text)} on ${device} ${isHeld ? 'holds it back longer than was waited for' : 'drops it'}`,
        why: `${isSearch ? 'The search for the next hop came' : 'The packets came'} as far as ${after} and not to ${before}; between the two stands: ${one.text}.${isHeld ? ` ${count(one.held ?? 0, 'packet')} ${one.held === 1 ? 'waits' : 'wait'} in it now.` : lost}`,
        do: isHeld
          ? 'Remove it, or give it a delay or rate that fits the traffic; --wait waits longer.'
          : 'Remove it, or give it a rate, burst and limit that fit the traffic.',
        fixes: removal(one, device, namespaceOf(scene, one)),
        evidence: [fromState(one.text, one.argv, one.hop)],
      };
    }),
});
