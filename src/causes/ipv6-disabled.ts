import { enlarging } from '../fixes/mtu.ts';
import { attachments, gatewayOf } from '../kernel/attachment.ts';
import { refuted } from '../kernel/drops.ts';
import { isTooSmall, LEAST_MTU, tooSmall } from '../kernel/least-mtu.ts';
import { byRecord } from '../kernel/recorded.ts';
import { rememberedAddress } from '../kernel/remembered.ts';
import { netnsOf, sideName } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Side } from '../model/facts.ts';
import { type Change, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { fromStateIn } from '../words/telling.ts';

/** Interfaces of the path with an IP layer of their own; a port of a bridge needs none. */
function interfaces(scene: Scene): { side: Side; dev: string }[] {
  const hops = scene.path.hops
    .filter((hop) => hop.link.master === null)
    .map((hop) => ({ side: hop.where, dev: hop.name }));
  const ends = attachments(scene).map(
    ({ side, link }) => ({ side, dev: link.name }) as { side: Side; dev: string },
  );
  // The gateway's bridge is no hop of a path that could not be walked.
  const bridges = scene.path.stages.includes('bridge')
    ? []
    : attachments(scene).flatMap(({ bridge }) =>
        bridge ? [{ side: 'host' as const, dev: bridge.name }] : [],
      );
  return [...hops, ...ends, ...bridges];
}

const keyOf = (dev: string): string => `net.ipv6.conf.${dev}.disable_ipv6`;

/** Addresses went when IPv6 was disabled; those that somebody remembers come back with it. */
function restored(
  scene: Scene,
  side: Side,
  dev: string,
): { readonly address?: string; readonly changes: readonly Change[] } {
  const netns = netnsOf(scene, side);
  const at = attachments(scene).find((one) =>
    side === 'host' ? one.bridge?.name === dev : one.side === side,
  );
  if (!at) return { changes: [] };
  if (side !== 'host') {
    const address = rememberedAddress(scene, at, 6);
    const gateway = gatewayOf(scene, at, 6);
    if (!address) return { changes: [] };
    const changes = [
      run(['ip', '-6', 'addr', 'add', address, 'dev', dev, 'nodad'], netns),
      ...(gateway ? [run(['ip', '-6', 'route', 'add', 'default', 'via', gateway, 'dev', dev], netns)] : []),
    ];
    return { address, changes };
  }
  const gateway = at.stack.routes.find(
    (one) => one.family === 6 && one.gateway !== null && one.dev === at.link.name,
  )?.gateway;
  const own = at.link.addresses.find((one) => one.family === 6 && one.scope !== 'link');
  if (!gateway || !own || gateway.startsWith('fe80:')) return { changes: [] };
  const changes = [run(['ip', '-6', 'addr', 'add', `${gateway}/${own.prefix}`, 'dev', dev, 'nodad'])];
  return { address: gateway, changes };
}

/** The interface by which this host sends IPv4 out: IPv6 that found no route may have left by it too. */
function otherUplink({ stacks, path }: Scene): { side: Side; dev: string }[] {
  const without = path.hostRoute !== null && path.hostRoute.refusal !== null;
  const dev = stacks.host.routes.find((one) => one.family === 4 && one.destination === '0.0.0.0/0')?.dev;
  return without && dev ? [{ side: 'host', dev }] : [];
}

/** An MTU that is too small for IPv6 takes it away as the sysctl does, and the sysctl with it. */
function tooSmallFor6(scene: Scene): Claim | null {
  const small = [...interfaces(scene), ...otherUplink(scene)].flatMap(({ side, dev }) => {
    const stack = scene.stacks[side];
    const link = stack && linkNamed(stack, dev);
    if (!stack || !link?.up || !isTooSmall(link, 6)) return [];
    return link.addresses.some((one) => one.family === 6) ? [] : [{ side, stack, link }];
  })[0];
  if (!small) return null;
  const { side, stack, link } = small;
  const netns = netnsOf(scene, side);
  const { address, changes: back } = restored(scene, side, link.name);
  const { apply, undo } = enlarging(stack, link, 6, netns);
  const narrow = stack.links.filter((one) => one.master === link.name && isTooSmall(one, 6));
  const because =
    link.kind === 'bridge' && narrow.length > 0
      ? ` A bridge follows the smallest of its ports: ${narrow.map(({ name, mtu }) => `${name} has ${mtu}`).join(', ')}.`
      : '';
  return {
    sure: scene.path.sourceRoute.refusal !== null && side !== 'host' ? 'proved' : 'supported',
    what: `${link.name} of ${sideName(side)} has no IPv6: ${tooSmall(link, 6)}`,
    why: `The kernel takes IPv6 off an interface with so small an MTU: its addresses, its routes and net.ipv6.conf.${link.name} are gone.${because}`,
    do: `Raise the MTU of ${link.name} to ${LEAST_MTU[6]} or more first, ${back.length > 0 ? 'then give it its address back' : 'then set its addresses and routes again'}.`,
    fixes: [
      {
        title: `Raise the MTU of ${link.name} to ${LEAST_MTU[6]}${address ? ` and give it ${address} back` : ''}`,
        risk: 'disruptive',
        lasts: netns ? 'until the container restarts' : 'until reboot, or until it is set again',
        affects: `larger packets then leave by ${link.name}`,
        apply: [...apply, ...back],
        undo,
      },
    ],
    evidence: [
      fromStateIn(
        netns,
        `${link.name} has the MTU ${link.mtu}, below ${LEAST_MTU[6]}, and no IPv6 address`,
        ['ip', 'addr', 'show', 'dev', link.name],
        `${side}/${link.name}`,
      ),
    ],
  };
}

export default cause({
  id: 'ipv6-disabled',
  title: 'IPv6 is disabled on an interface of the path',
  explain: `disable_ipv6 is 1 for an interface that the flow needs. The kernel takes its IPv6 addresses and routes away and
ignores what arrives there; IPv4 goes on as if nothing were wrong. An MTU below 1280 bytes does the same, and takes the
sysctl away too; a bridge follows the smallest of its ports.

Images and hardening scripts set it for "all"; Docker sets it inside containers of networks without IPv6. \`sysctl
net.ipv6.conf.INTERFACE.disable_ipv6\` shows it, inside the container and on the host.`,
  needs: ['sysctls'],
  over: [
    'container-no-address',
    'container-no-route',
    'container-address-invalid',
    'bridge-address-missing',
    'neighbour-unanswered',
    'neighbour-absent',
    'neighbour-stale',
    'container-wrong-gateway',
    'host-no-route',
    'uplink-down',
    'reply-route-diverted',
    'ip-forward-off',
    'no-reply-from-destination',
  ],
  examine(scene) {
    if (scene.flow.family !== 6 || scene.place === null) return null;
    if (refuted(scene, /^(IPV6DISABLED|ip6_\w+|IP_INNOROUTES|IP_INADDRERRORS)$/)) return null;
    const off = interfaces(scene).find(({ side, dev }) => scene.sysctls[side][keyOf(dev)] === '1');
    if (!off) return tooSmallFor6(scene);
    const { side, dev } = off;
    const netns = netnsOf(scene, side);
    const { address, changes: back } = restored(scene, side, dev);
    return {
      sure: scene.path.sourceRoute.refusal !== null && side !== 'host' ? 'proved' : 'supported',
      what: `IPv6 is disabled on ${dev} of ${sideName(side)}`,
      why: `${keyOf(dev)} is 1 there: the interface has no IPv6 address and takes no IPv6 packet.`,
      do: `Enable IPv6 on ${dev}${back.length > 0 ? ' and give it its address back' : '; its addresses must be set again'}.`,
      fixes: [
        {
          title: `Enable IPv6 on ${dev}`,
          ...(back.length > 0 ? byRecord(scene, address) : { risk: 'safe' as const }),
          lasts: netns
            ? 'until the container restarts'
            : 'until reboot, or until something writes the sysctl again',
          apply: [run(['sysctl', '-w', `${keyOf(dev)}=0`], netns), ...back],
          undo: [run(['sysctl', '-w', `${keyOf(dev)}=1`], netns)],
        },
      ],
      evidence: [fromStateIn(netns, `${keyOf(dev)} = 1`, ['sysctl', keyOf(dev)], `${side}/${dev}`)],
    };
  },
});
