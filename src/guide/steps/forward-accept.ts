import { z } from 'zod';
import { checkRules, forwardChain, type IptablesRule, writeRules } from '../iptables.ts';
import { text } from '../text.ts';
import { so, verb } from '../verb.ts';
import type { World } from '../world.ts';

const params = z.object({
  bridge: text,
  /** `out`: from the bridge, and the answers back; `in`: to the bridge as well; `within`: from port to port. */
  ways: z.enum(['out', 'both', 'within']),
});
type Params = z.infer<typeof params>;

async function rules({ bridge, ways }: Params, world: World): Promise<readonly IptablesRule[]> {
  const chain = await forwardChain(world);
  const accept = (...match: string[]): IptablesRule => ({
    table: 'filter',
    chain,
    at: 'first',
    rule: [...match, '-j', 'ACCEPT'],
  });
  if (ways === 'within') return [accept('-i', bridge, '-o', bridge)];
  const answers = ['-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED'];
  return [accept('-i', bridge), ways === 'both' ? accept('-o', bridge) : accept('-o', bridge, ...answers)];
}

/** Frames between two ports of a bridge meet iptables only while br_netfilter sends them there. */
const bypassed = (world: World): boolean =>
  world.sysctl(undefined, 'net.bridge.bridge-nf-call-iptables') !== '1';

export default verb({
  name: 'forward-accept',
  does: "accepts a bridge's packets in the firewall's FORWARD path",
  params,
  title: ({ bridge, ways }) =>
    ways === 'within'
      ? `Let the ports of ${bridge} talk to each other`
      : `Let packets of ${bridge} be forwarded`,
  async check(asked, world) {
    if (asked.ways === 'within' && bypassed(world))
      return so('frames within a bridge do not meet iptables here');
    return checkRules(await rules(asked, world), world);
  },
  apply: async (asked, world) => writeRules(await rules(asked, world), world),
});
