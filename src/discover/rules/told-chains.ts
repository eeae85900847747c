/** Chains as the kernel tells them, in the words of nft(8). */
import type { ChainTold } from '../../host/machine.ts';
import type { NftTable } from './nft-text.ts';

/** NFPROTO_* of linux/netfilter.h. */
export const FAMILIES: Readonly<Record<number, string>> = {
  1: 'inet',
  2: 'ip',
  3: 'arp',
  5: 'netdev',
  7: 'bridge',
  10: 'ip6',
};

export const familyOf = (number: number): string => FAMILIES[number] ?? String(number);

/** The tables that they stand in. */
export function tablesOf(chains: readonly ChainTold[]): NftTable[] {
  const tables = new Map<string, NftTable>();
  for (const { family: number, table, name, hook } of chains) {
    const family = familyOf(number);
    const inside = tables.get(`${family} ${table}`) ?? { family, name: table, chains: [] };
    tables.set(`${family} ${table}`, inside);
    inside.chains.push({ family, table, name, hook, text: null });
  }
  return [...tables.values()];
}
