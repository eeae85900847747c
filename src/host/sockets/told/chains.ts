/** Chains of nf_tables and the handles of their rules: include/uapi/linux/netfilter/nf_tables.h. */
import type { ChainTold } from '../../kernel-told.ts';
import { words } from '../attribute.ts';
import { attributes, exchange, NETLINK_NETFILTER, NFGENMSG, textOf } from '../netlink.ts';
import type { Teller } from './teller.ts';

const [NFT_MSG_GETCHAIN, NFT_MSG_GETRULE] = [(10 << 8) | 4, (10 << 8) | 7];
const CHAIN = { table: 1, name: 3, hook: 4, use: 6 } as const;
const RULE = { table: 1, chain: 2, handle: 3 } as const;
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
    const question = { type: NFT_MSG_GETCHAIN, dump: true, body: Buffer.alloc(NFGENMSG) };
    return exchange(fd, question, (body) => found.push(chainOf(body))) ? found : null;
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
    const head = Buffer.alloc(NFGENMSG);
    head[0] = family;
    const body = Buffer.concat([head, words(RULE.table, table), words(RULE.chain, chain)]);
    const question = { type: NFT_MSG_GETRULE, dump: true, body };
    return exchange(fd, question, (rule) => found.push(handleOf(rule))) ? found : null;
  },
};

/** There may be fifty thousand: of each no more is read than its handle. */
function handleOf(rule: Buffer): number {
  for (let at = NFGENMSG; at + 4 <= rule.length; at += (rule.readUInt16LE(at) + 3) & ~3) {
    if (rule.readUInt16LE(at) < 4) break;
    if ((rule.readUInt16LE(at + 2) & 0x3fff) === RULE.handle) return Number(rule.readBigUInt64BE(at + 4));
  }
  return 0;
}
