import { confirmed, QUEUE, refuted } from '../kernel/drops.ts';
import { within } from '../kernel/nat.ts';
import { fromAnyView, netnsOf, sender, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { run } from '../model/fix.ts';
import { linkHolding } from '../model/stack.ts';
import { fromStateIn } from '../words/telling.ts';

const isLoopback = (address: string): boolean => within(address, '127.0.0.0/8') || address === '::1';

export default cause({
  id: 'container-loopback-down',
  title: 'Loopback is down in the container',
  explain: `The interface lo of the container's namespace is down. Programs that talk to 127.0.0.1, to ::1 or to the
container's own address do so through lo, and so does a resolver that the runtime keeps at 127.0.0.11. Everything else
goes on.

A new namespace starts with lo down; the runtime sets it up. A namespace made by hand, or a script inside, may have left
it so. \`ip -br link show lo\` inside the container shows DOWN.`,
  needs: [],
  over: [
    'container-no-route',
    'container-no-address',
    'dns-resolver-silent',
    'dns-embedded-broken',
    'qdisc-drop',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const from = sender(scene);
      const lo = from?.stack.links.find((link) => link.kind === 'loopback');
      if (!from || !lo || lo.up || scene.place === null || from.side === 'host') return null;
      const toItself =
        isLoopback(from.destination) || linkHolding(from.stack, from.destination) !== undefined;
      if (!toItself || refuted(scene, QUEUE)) return null;
      const netns = netnsOf(scene, from.side);
      return {
        sure: confirmed(scene, QUEUE) || scene.symptom.kind === 'not-sent' ? 'proved' : 'supported',
        what: `${lo.name} is down in ${sideName(from.side)}`,
        why: `${from.destination} is reached through ${lo.name}, which is down: the packets never arrive.`,
        do: `Set ${lo.name} up.`,
        fixes: [
          {
            title: `Set ${lo.name} up`,
            risk: 'safe',
            lasts: 'until the container restarts',
            apply: [run(['ip', 'link', 'set', 'dev', lo.name, 'up'], netns)],
            undo: [run(['ip', 'link', 'set', 'dev', lo.name, 'down'], netns)],
          },
        ],
        evidence: [fromStateIn(netns, `${lo.name} is DOWN`, ['ip', '-br', 'link', 'show', 'dev', lo.name])],
      };
    }),
});
