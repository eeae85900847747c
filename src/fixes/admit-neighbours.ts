/** Lets the questions of IPv6's neighbour discovery pass a firewall: RFC 4861. */
import type { Solicitation } from '../kernel/solicitation.ts';
import { firewallName, netnsOf } from '../kernel/travel.ts';
import type { Claim } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { isNftName } from '../words/arguments/nft.ts';
import { ruleShown } from '../words/telling.ts';
import { placed } from './spare-nft.ts';

/** Lets the questions in: of iptables at the top of INPUT, of nft before the rule that ends them, or behind those before the policy. */
function admitting(scene: Scene, { side, dev, rule }: Solicitation): Fix[] {
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

/** What is claimed of a firewall that ends the questions, and of the rule that does it where that is told. */
export function unheardClaim(scene: Scene, unheard: Solicitation): Claim {
  const { side, dev, address, rule, told } = unheard;
  const isHost = side === 'host';
  return {
    sure: told ? 'proved' : 'supported',
    what: `${firewallName(side)} drops the neighbour solicitations for ${address}${rule ? `: ${ruleShown(rule)}` : ''}`,
    why: `The question for ${address} arrives on ${dev} and ${isHost ? 'the host does not answer' : 'nobody answers'}; ${told ? 'the kernel dropped it in a firewall' : 'no rule there lets it in'}. Without neighbour discovery nobody can send to it by IPv6.`,
    do: `Let ICMPv6 neighbour discovery in ${isHost ? 'by a rule before it' : 'where the container sets its firewall'}.`,
    ...(rule ? { owner: rule.owner, rule } : {}),
    fixes: admitting(scene, unheard),
  };
}
