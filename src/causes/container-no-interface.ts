import { realLinks } from '../kernel/attachment.ts';
import { within } from '../kernel/nat.ts';
import { netnsOf, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { Side } from '../model/facts.ts';
import { fromStateIn } from '../words/telling.ts';

const isLoopback = (address: string): boolean => within(address, '127.0.0.0/8') || address === '::1';

export default cause({
  id: 'container-no-interface',
  title: 'The container has no interface but lo',
  explain: `The container's namespace holds nothing but lo, so there is no way out of it at all. That is so on purpose with the
network "none". It also comes about when an attach failed, when somebody deleted the veth, or when a container joined
the namespace of another one that has been restarted since: it is left behind in the old, empty namespace.

\`ip link\` inside shows only lo. Compare \`readlink /proc/PID/ns/net\` with that of the container whose network it should
share; restart or attach it again.`,
  needs: [],
  over: [
    'container-no-route',
    'container-no-address',
    'container-interface-down',
    'network-internal',
    'neighbour-absent',
    'neighbour-unanswered',
    'ipv6-disabled',
    'container-loopback-down',
  ],
  examine(scene) {
    const bare = (['container', 'other'] as const).find((side: Exclude<Side, 'host'>) => {
      const stack = scene.stacks[side];
      return stack !== null && realLinks(stack).length === 0;
    });
    if (!bare || scene.target.hostNetwork || scene.place === null) return null;
    if (isLoopback(scene.flow.address) && scene.flow.from !== 'host') return null;
    const { mode } = scene.target;
    const onPurpose = bare === 'container' && mode === 'none';
    const shared = bare === 'container' && mode?.startsWith('container:');
    return {
      sure: scene.path.sourceRoute.refusal !== null ? 'proved' : 'supported',
      what: `${sideName(bare)} has no interface but lo`,
      why: onPurpose
        ? 'It was started with the network "none": nothing leads out of its namespace, on purpose.'
        : shared
          ? 'It shares the namespace of another container that is gone: what is left has no interface.'
          : 'Nothing leads out of its namespace: no packet can leave or arrive.',
      do: onPurpose
        ? 'Start it with another network, if it is meant to reach anything.'
        : shared
          ? 'Restart it, so that it joins the namespace of the container that runs now.'
          : 'Attach it to its network again, or restart it.',
      evidence: [fromStateIn(netnsOf(scene, bare), 'only lo is there', ['ip', '-br', 'link'])],
    };
  },
});
