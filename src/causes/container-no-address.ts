import { enlarging } from '../fixes/mtu.ts';
import { type Attachment, attachments, gatewayOf } from '../kernel/attachment.ts';
import { ownStack } from '../kernel/designed.ts';
import { NOTHING, refuted } from '../kernel/drops.ts';
import { keptFromServer } from '../kernel/lease.ts';
import { isTooSmall, LEAST_MTU, tooSmall } from '../kernel/least-mtu.ts';
import { byRecord } from '../kernel/recorded.ts';
import { rememberedAddress } from '../kernel/remembered.ts';
import { ip } from '../kernel/routing.ts';
import { fromAnyView, netnsOf, sender, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { fromStateIn, ruleName } from '../words/telling.ts';

/** The end whose interface is up and has no address of the family: the one that sends, or the one that is asked for. */
function bare(scene: Scene): Attachment | undefined {
  const { family } = scene.flow;
  const sending = sender(scene)?.side;
  return attachments(scene).find(({ side, stack, link }) => {
    const own = stack.links
      .filter((one) => one.kind !== 'loopback')
      .flatMap((one) =>
        one.addresses.filter((address) => address.family === family && address.scope !== 'link'),
      );
    if (own.length > 0 || !link.up || link.kind === 'loopback') return false;
    return side === sending
      ? scene.path.sourceRoute.refusal !== null || isLocalOnly(scene)
      : scene.place?.stage !== 'beyond';
  });
}

/** A router carries nothing on whose source means something on its own link alone: RFC 4291, 2.5.6. */
const isLocalOnly = ({ path, flow }: Scene): boolean =>
  /^fe[89ab]/i.test(path.sourceAddress ?? '') && !/^f[ef]/i.test(flow.address);

const BEYOND_SCOPE = /^(IP_INADDRERRORS|ip6_forward)$/;

function putBack(scene: Scene, at: Attachment): Fix[] {
  const { family } = scene.flow;
  const address = rememberedAddress(scene, at, family);
  const gateway = gatewayOf(scene, at, family);
  if (!address) return [];
  const netns = netnsOf(scene, at.side);
  const words = ['addr', 'add', address, 'dev', at.link.name];
  const larger = enlarging(at.stack, at.link, family, netns);
  return [
    {
      title: `Give ${at.link.name} its address ${address} back`,
      ...byRecord(scene, address),
      lasts: 'until the container restarts',
      apply: [
        ...larger.apply,
        run([...ip(family), ...words], netns),
        ...(gateway
          ? [run([...ip(family), 'route', 'add', 'default', 'via', gateway, 'dev', at.link.name], netns)]
          : []),
      ],
      undo: [run([...ip(family), 'addr', 'del', address, 'dev', at.link.name], netns), ...larger.undo],
    },
  ];
}

export default cause({
  id: 'container-no-address',
  title: 'The container has no address of this family',
  explain: `The container's interface is up and has no address of the family asked for: no IPv4, or no IPv6 beyond the
link-local one. Without an address there are no routes, and a program gets "Network is unreachable" at once.

DHCP got no answer, the runtime's address pool is used up, the network has no subnet of this family, or somebody flushed
the address. \`ip addr\` inside shows what is there.`,
  needs: ['leaseClient', 'firewall'],
  over: [
    'container-no-route',
    'neighbour-absent',
    'neighbour-unanswered',
    'container-wrong-gateway',
    'network-internal',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const at = bare(scene);
      if (
        !at ||
        ownStack(scene) ||
        scene.place === null ||
        refuted(scene, isLocalOnly(scene) ? BEYOND_SCOPE : NOTHING)
      )
        return null;
      const { family } = scene.flow;
      const netns = netnsOf(scene, at.side);
      const asks = family === 4 && at.side === 'container' ? scene.leaseClient : null;
      const kept = asks && keptFromServer(scene);
      const small = isTooSmall(at.link, family);
      return {
        sure: scene.path.sourceRoute.refusal !== null || isLocalOnly(scene) ? 'proved' : 'supported',
        what: `${at.link.name} of ${sideName(at.side)} has no IPv${family} address${small ? `: ${tooSmall(at.link, family)}` : ''}`,
        why: `${at.link.name} is up, and no interface of ${sideName(at.side)} holds an IPv${family} address${isLocalOnly(scene) ? ' but the link-local one, from which no router carries packets on' : ''}: it can neither send nor be asked for.${asks ? ` ${asks.name} (process ${asks.pid}) asks there for one by DHCP, and has got none${kept ? `: the host takes nothing that comes by ${kept.dev} for UDP port 67, by ${ruleName(kept.rule)}` : ''}.` : ''}`,
        do: kept
          ? `Let what comes by ${kept.dev} for UDP port 67 (DHCP) in${kept.rule.owner ? ` where ${kept.rule.owner} is configured` : ''}; the client asks again by itself.`
          : asks && !small
            ? 'Look whether the DHCP server of that network runs and hears it (`tcpdump -ni BRIDGE port 67`), or give it its address back.'
            : `${small ? `Raise its MTU to ${LEAST_MTU[family]} or more first: the kernel takes no address before. Then give` : 'Give'} it its address back, or restart it so that the runtime does.`,
        ...(kept?.rule.owner ? { owner: kept.rule.owner } : {}),
        fixes: putBack(scene, at),
        evidence: [
          fromStateIn(
            netns,
            `${at.link.name} has no IPv${family} address`,
            [...ip(family), 'addr', 'show', 'dev', at.link.name],
            at.id,
          ),
        ],
      };
    }),
});
