/** Letting a device ask for neighbours that it does not know. */
import type { NextHop } from '../kernel/next-hop.ts';
import { netnsOf, sideName } from '../kernel/travel.ts';
import { SOLICITS, solicitsKey } from '../kernel/unasked.ts';
import type { Claim } from '../model/cause.ts';
import type { Scene } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';
import { setSysctls } from './sysctl.ts';

/** The claim that the setting keeps the sender from asking for its next hop. */
export function unasked(scene: Scene, { side, dev, address }: NextHop): Claim {
  const key = solicitsKey(scene.flow.family, dev);
  const netns = netnsOf(scene, side);
  return {
    sure: 'proved',
    what: `${sideName(side)} asks nobody for the MAC address of ${address}: ${key} is 0`,
    why: `${address} is not among the neighbours that ${sideName(side)} knows on ${dev}, and ${dev} may send no question for one: the search fails at once, and with it what waits for it.`,
    do: `Let ${dev} ask.`,
    fixes: [
      setSysctls([{ key, value: SOLICITS, before: '0' }], netns, {
        title: `Let ${dev} ask for its neighbours`,
        risk: 'safe',
      }),
    ],
    evidence: [fromStateIn(netns, `${key} = 0`, ['sysctl', key])],
  };
}
