import { filterRemoval } from '../fixes/filter.ts';
import { droppedBy, theDrop } from '../kernel/drops.ts';
import { hopOf, namespaceOf } from '../kernel/traffic-control.ts';
import { netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Hop } from '../model/path.ts';
import { hopAt, type Scene } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';

const BAD = /^((TCP|UDP|ICMP|IP|SKB)_CSUM|__skb_checksum_complete)$/;

/** The hop from which the receiver was handed the packet. */
function sender(scene: Scene): Hop | undefined {
  const hops = scene.path.hops;
  const drop = theDrop(scene);
  const receiver = hopAt(scene, drop?.hop ?? null) ?? (drop?.direction === 'reply' ? hops[0] : hops.at(-1));
  const at = receiver ? hops.indexOf(receiver) : -1;
  return drop?.direction === 'reply' ? hops[at + 1] : hops[at - 1];
}

function offloadOff(scene: Scene, hop: Hop | undefined): Fix[] {
  if (!hop) return [];
  const netns = netnsOf(scene, hop.where);
  return [
    {
      title: `Let the kernel, not ${hop.name}, compute checksums`,
      risk: 'safe',
      lasts: 'until reboot, or until the interface is made anew',
      affects: `a little processor time for what leaves through ${hop.name}`,
      apply: [run(['ethtool', '-K', hop.name, 'tx', 'off'], netns)],
      undo: [run(['ethtool', '-K', hop.name, 'tx', 'on'], netns)],
    },
  ];
}

export default cause({
  id: 'checksum-bad',
  title: 'It arrives with a wrong checksum',
  explain: `The receiver computes the checksum of what it gets and throws away, without a word, what does not fit. Captures on both
sides show the packet, and still nothing answers; ping often works while TCP does not.

Senders leave the checksum to the network card. Where a packet then meets a tunnel, a virtual machine's card or a program
that changes it and does not repair the sum, it stays wrong.

By hand: \`nstat -az | grep -i csum\` at the receiver; \`tcpdump -vv\` there says "incorrect" (at the sender that word means nothing).`,
  needs: ['traffic'],
  ofData: true,
  over: ['no-reply-from-destination', 'listener-stuck'],
  examine(scene) {
    if (!scene.drops.known || droppedBy(scene, BAD) !== true) return null;
    const drop = scene.drops.value.find((one) => BAD.test(one.reason) || BAD.test(one.function));
    const from = sender(scene);
    const changes = scene.traffic.find(
      (one) => one.kind === 'filter' && /\bbpf\b|pedit|nat\b/.test(one.text),
    );
    const changer = changes && hopOf(scene, changes);
    return {
      sure: 'proved',
      what: 'it arrives with a wrong checksum and the receiver throws it away',
      why: `The kernel says it dropped the packet for ${drop?.reason} in ${drop?.function}.${changes ? ` A program of traffic control on ${changer?.name ?? changes.hop} may change it: ${changes.text}.` : ''}`,
      do: changes
        ? 'Remove or mend the program that changes the packet; else switch off checksum offload at the sender.'
        : 'Switch off transmit checksum offload at the sender (the physical card, the tunnel or the virtual machine).',
      fixes: [
        ...(changes && changer ? filterRemoval(changes, changer.name, namespaceOf(scene, changes)) : []),
        ...offloadOff(scene, from),
      ],
      evidence: changes
        ? [fromState(changes.text, changes.argv, changes.hop)]
        : [fromState('checksum errors are counted', ['nstat', '-az', 'TcpInCsumErrors', 'UdpInCsumErrors'])],
    };
  },
});
