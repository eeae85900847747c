/** Lets the questions of IPv6's neighbour discovery pass a firewall: RFC 4861. */
import type { Solicitation } from '../kernel/solicitation.ts';
import { netnsOf } from '../kernel/travel.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { isNftName } from '../words/arguments/nft.ts';
import { placed } from './spare-nft.ts';

/** Lets the questions in: of iptables at the top of INPUT, of nft before the rule that ends them, or behind those before the policy. */
export function admitting(scene: Scene, { side, dev, rule }: Solicitation): Fix[] {
  const netns = netnsOf(scene, side);
  const title = `Let neighbour solicitations in on ${dev}`;
  if (rule?.engine === 'nft') {
    if (!/^(inet|ip6)$/.test(rule.family) || !isNftName(dev)) return [];
    const words = `iifname "${dev}" icmpv6 type nd-neighbor-solicit accept`;
    const affects = 'the search for neighbours, and nothing else';
    const verb = rule.number === null ? 'add' : 'insert';
    return [{ ...placed(verb, rule, words, netns, { title, affects }), risk: 'safe' }];
  }
  const match = ['-i', dev, '-p', 'ipv6-icmp', '--icmpv6-type', 'neighbour-solicitation', '-j', 'ACCEPT'];
  return [
    {
      title,
      risk: 'safe',
      lasts: 'until reboot, or until the rules are loaded again',
      apply: [run(['ip6tables', '-I', 'INPUT', ...match], netns)],
      undo: [run(['ip6tables', '-D', 'INPUT', ...match], netns)],
    },
  ];
}
