import { NO_FILTER } from '../kernel/drops.ts';
import { cause } from '../model/cause.ts';
import { fromStateIn } from '../words/telling.ts';

/** Programs that carry the packets of a rootless container. */
const HELPER = /slirp4netns|pasta|rootless/;

export default cause({
  id: 'rootless-helper-gone',
  title: 'The network helper of a rootless container is gone',
  explain: `Without root a container gets no veth pair to a bridge. A program (pasta or slirp4netns) holds one end of a tap interface
in the container's namespace and carries its packets with ordinary sockets. When that program ends, the tap goes away or loses
its carrier, and every rootless container behind it is cut off.

It ends with the user's session, with a suspended machine, or when it is killed for want of memory.

By hand: \`pgrep -a pasta\` or \`pgrep -a slirp4netns\`; \`podman unshare --rootless-netns ip link\` shows no tap.`,
  needs: [],
  explains: NO_FILTER,
  over: [
    'container-no-interface',
    'container-no-route',
    'container-no-address',
    'container-interface-down',
    'no-reply-from-destination',
  ],
  examine(scene) {
    const { target, stacks, symptom } = scene;
    if (symptom.kind === 'answered') return null;
    if (!HELPER.test(target.mode ?? '') && !HELPER.test(target.about)) return null;
    const { links, netns } = stacks.container;
    const taps = links.filter((link) => link.kind === 'tun');
    const alone = links.every((link) => link.kind === 'loopback');
    const dead = taps.length > 0 && taps.every((link) => link.carrier === false);
    if (!alone && !dead) return null;
    const name = /pasta/.test(`${target.mode} ${target.about}`) ? 'pasta' : 'slirp4netns';
    return {
      sure: 'supported',
      what: 'the program that carries the packets of this rootless container is gone',
      why: alone
        ? 'The container has no interface but lo: the tap that the helper held went away with it.'
        : `${taps[0]?.name} has no carrier: nobody holds its other end.`,
      do: `Stop all rootless containers of this user and start them again, which starts ${name} anew.`,
      evidence: [
        fromStateIn(netns, alone ? 'only lo is left' : `${taps[0]?.name} has no carrier`, ['ip', 'link']),
      ],
    };
  },
});
