/** Chains and rules of nf_tables, as the kernel is asked for them: include/uapi/linux/netfilter/nf_tables.h. */
import { exchange, NFGENMSG } from './netlink.ts';

const [NFT_MSG_GETCHAIN, NFT_MSG_GETRULE] = [(10 << 8) | 4, (10 << 8) | 7];

/** NFTA_CHAIN_*, NFTA_RULE_* */
export const CHAIN = { table: 1, name: 3, hook: 4, use: 6, type: 7 } as const;
export const RULE = { table: 1, chain: 2, handle: 3 } as const;

/** Of every family, whose number is the first byte of a message. False where the kernel refuses. */
export const dumpChains = (fd: number, onChain: (message: Buffer) => void): boolean =>
  exchange(fd, { type: NFT_MSG_GETCHAIN, dump: true, body: Buffer.alloc(NFGENMSG) }, onChain);

/** In their order, those whose table, and chain, is named by these attributes. False where the kernel refuses. */
export function dumpRules(
  fd: number,
  family: number,
  named: readonly Buffer[],
  onRule: (message: Buffer) => void,
): boolean {
  const head = Buffer.alloc(NFGENMSG);
  head[0] = family;
  return exchange(fd, { type: NFT_MSG_GETRULE, dump: true, body: Buffer.concat([head, ...named]) }, onRule);
}
