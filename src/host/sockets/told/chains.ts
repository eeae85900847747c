/** Chains of nf_tables, and the handles of their rules. */
import type { ChainTold } from '../../kernel-told.ts';
import { words } from '../attribute.ts';
import { attributes, NETLINK_NETFILTER, NFGENMSG, textOf } from '../netlink.ts';
import { CHAIN, dumpChains, dumpRules, RULE } from '../nf-tables.ts';
import type { Teller } from './teller.ts';

const NFTA_HOOK_HOOKNUM = 1;

/** By NFPROTO_*: arp, netdev, and the others alike. linux/netfilter.h, netfilter_arp.h */
const HOOKS: Readonly<Record<number, readonly string[]>> = {
  3: ['input', 'output', 'forward'],
  5: ['ingress', 'egress'],
};
const USUAL = ['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress'];

export const chains: Teller<'chains'> = {
  source: ['nft', '-a', 'list', 'chains'],
  protocol: NETLINK_NETFILTER,
  tell(fd) {
    const found: ChainTold[] = [];
    return dumpChains(fd, (message) => found.push(chainOf(message))) ? found : null;
  },
};

function chainOf(body: Buffer): ChainTold {
  const family = body[0]!;
  const about = attributes(body, NFGENMSG);
  const hook = about.get(CHAIN.hook);
  const number = hook && attributes(hook).get(NFTA_HOOK_HOOKNUM)?.readUInt32BE(0);
  return {
    family,
    table: textOf(about.get(CHAIN.table)),
    name: textOf(about.get(CHAIN.name)),
    hook: number === undefined ? null : ((HOOKS[family] ?? USUAL)[number] ?? String(number)),
    rules: about.get(CHAIN.use)?.readUInt32BE(0) ?? 0,
  };
}

export const handles: Teller<'handles'> = {
  source: ['nft', '-a', 'list', 'ruleset'],
  protocol: NETLINK_NETFILTER,
  tell(fd, { family, table, chain }) {
    const found: number[] = [];
    const named = [words(RULE.table, table), words(RULE.chain, chain)];
    return dumpRules(fd, family, named, (message) => found.push(handleOf(message))) ? found : null;
  },
};

const handleOf = (rule: Buffer): number =>
  Number(attributes(rule, NFGENMSG).get(RULE.handle)?.readBigUInt64BE(0) ?? 0);
