import { keepSysctls, setSysctls } from '../fixes/sysctl.ts';
import { droppedBy } from '../kernel/drops.ts';
import { holding, netnsOf, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { isAt } from '../model/scene.ts';
import { fromStateIn, namesOf } from '../words/telling.ts';

export default cause({
  id: 'ip-forward-off',
  title: 'IP forwarding is off',
  explain: `A Linux host hands a packet from one interface to another only when forwarding is on. Docker and podman turn it
on when they start; a hardening script, \`sysctl --system\`, or a network service that restarts can turn it off again.

Packets then arrive on the bridge and never leave through the uplink; the kernel drops them in ip_error (IPv4, reason
IP_INADDRERRORS) or ip6_forward. Traffic between containers of one bridge goes on, since nothing routes it.`,
  needs: ['sysctls'],
  over: ['interface-forwarding-off'],
  examine(scene) {
    const side = holding(scene);
    if (!isAt(scene, 'forward')) return null;
    const key = scene.flow.family === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
    if (scene.sysctls[side][key] !== '0') return null;
    const netns = netnsOf(scene, side);
    const dropped = droppedBy(scene, /^(ip_error|ip6_forward|IP_INADDRERRORS)$/);
    if (dropped === false) return null;
    const { after, before } = namesOf(scene);
    const settings = [{ key, value: '1', before: '0' }] as const;
    return {
      sure: dropped ? 'proved' : 'supported',
      what: `IPv${scene.flow.family} forwarding is off${side === 'host' ? '' : ` in ${sideName(side)}, which is the gateway`}`,
      why: `${after} handed the packets to the kernel of ${sideName(side)} and none came out of ${before}: ${key} is 0.`,
      do:
        side === 'host'
          ? 'Turn forwarding on.'
          : `Turn forwarding on there, if ${sideName(side)} is meant to be a router; if not, name another gateway.`,
      fixes: [
        setSysctls(settings, netns, {
          title: `Turn IPv${scene.flow.family} forwarding on`,
          // Whether another's namespace is to be a router, nobody here can say.
          risk: side === 'host' ? 'safe' : 'disruptive',
          affects: `every interface of ${side === 'host' ? 'this host' : sideName(side)} may forward, within what the firewall allows`,
          ...(side === 'host' ? { persist: keepSysctls(settings) } : {}),
        }),
      ],
      evidence: [fromStateIn(netns, `${key} = 0`, ['sysctl', key])],
    };
  },
});
