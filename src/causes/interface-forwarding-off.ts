import { keepSysctls, setSysctls } from '../fixes/sysctl.ts';
import { confirmed, refuted } from '../kernel/drops.ts';
import { holding, netnsOf, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { isAt } from '../model/scene.ts';
import { fromStateIn, namesOf } from '../words/telling.ts';

const DROPPED = /^(IP_INADDRERRORS|ip_error)$/;

export default cause({
  id: 'interface-forwarding-off',
  title: 'Forwarding is off on the interface the packet came in by',
  explain: `IPv4 forwarding is on for the host and off for one interface: net.ipv4.conf.INTERFACE.forwarding is 0. What comes in
by that interface is not passed on; what the host itself sends or receives there is not touched. Requests or replies are
lost, depending on which side the interface is.

\`sysctl net.ipv4.conf.INTERFACE.forwarding\` shows it. Writing net.ipv4.ip_forward sets all interfaces at once.`,
  needs: ['sysctls'],
  examine(scene) {
    const dev = scene.place?.after?.name;
    if (!isAt(scene, 'forward') || !dev || scene.flow.family === 6 || refuted(scene, DROPPED)) return null;
    const key = `net.ipv4.conf.${dev}.forwarding`;
    const side = holding(scene);
    if (scene.sysctls[side][key] !== '0') return null;
    const netns = netnsOf(scene, side);
    const { before } = namesOf(scene);
    const settings = [{ key, value: '1', before: '0' }] as const;
    return {
      sure: confirmed(scene, DROPPED) ? 'proved' : 'supported',
      what: `IPv4 forwarding is off on ${dev}`,
      why: `${dev} handed the packets to the kernel of ${sideName(side)} and none came out of ${before}: ${key} is 0, whatever net.ipv4.ip_forward says.`,
      do: `Turn forwarding on for ${dev}.`,
      fixes: [
        setSysctls(settings, netns, {
          title: `Turn IPv4 forwarding on for ${dev}`,
          risk: side === 'host' ? 'safe' : 'disruptive',
          affects: `what comes in by ${dev} may be forwarded, within what the firewall allows`,
          ...(side === 'host' ? { persist: keepSysctls(settings) } : {}),
        }),
      ],
      evidence: [fromStateIn(netns, `${key} = 0`, ['sysctl', key], scene.place?.after?.id)],
    };
  },
});
