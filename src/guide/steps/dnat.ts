import { z } from 'zod';
import { checkRules, forwardChain, type IptablesRule, writeRules } from '../iptables.ts';
import { text } from '../text.ts';
import { verb } from '../verb.ts';
import type { World } from '../world.ts';

const params = z.object({ proto: text, port: text, address: text, to_port: text, bridge: text });
type Params = z.infer<typeof params>;

async function rules(
  { proto, port, address, to_port, bridge }: Params,
  world: World,
): Promise<IptablesRule[]> {
  const local = ['-m', 'addrtype', '--dst-type', 'LOCAL', '-p', proto, '--dport', port];
  const target = ['-j', 'DNAT', '--to-destination', `${address}:${to_port}`];
  const service = ['-d', `${address}/32`, '-p', proto, '-m', proto, '--dport', to_port];
  const nat = (chain: string, ...rule: string[]): IptablesRule => ({ table: 'nat', chain, at: 'last', rule });
  const chain = await forwardChain(world);
  return [
    // From outside and from other containers, then from the host itself.
    nat('PREROUTING', ...local, ...target),
    nat('OUTPUT', ...local, ...target),
    { table: 'filter', chain, at: 'first', rule: ['-o', bridge, ...service, '-j', 'ACCEPT'] },
    {
      table: 'filter',
      chain,
      at: 'first',
      rule: ['-i', bridge, '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'],
    },
    // The container that asks for its own published port would otherwise answer itself, past the host.
    nat('POSTROUTING', '-s', `${address}/32`, ...service, '-j', 'MASQUERADE'),
    // 127.0.0.1 as a source has no meaning outside the host.
    nat('POSTROUTING', '-s', '127.0.0.0/8', '-o', bridge, ...service, '-j', 'MASQUERADE'),
  ];
}

export default verb({
  name: 'dnat',
  does: 'publishes a port: DNAT from everywhere, the accept in FORWARD, hairpin and localhost',
  params,
  title: ({ proto, port, address, to_port }) =>
    `Lead ${proto} port ${port} of this host to ${address}:${to_port}`,
  check: async (asked, world) => checkRules(await rules(asked, world), world),
  apply: async (asked, world) => writeRules(await rules(asked, world), world),
});
