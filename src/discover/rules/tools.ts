/** The tools that write nf_tables tables of fixed names, and list them as a person would type them. */
import type { Rule } from '../../model/evidence.ts';

export interface Tool {
  readonly family: string;
  readonly tables: readonly string[];
  readonly engine: Rule['engine'];
  /** The variant that speaks to nf_tables; the plain name may be the legacy one. */
  readonly programs: readonly [string, string];
  /** Lists one chain; null where the tool can only list everything. Never the plain name: legacy creates by looking. */
  readonly chain: string | null;
}

/** Who lists which tables: each tool knows only tables of these names. */
export const TOOLS: readonly Tool[] = [
  {
    family: 'ip',
    tables: ['raw', 'mangle', 'nat', 'filter', 'security'],
    engine: 'iptables-nft',
    programs: ['iptables-nft-save', 'iptables-save'],
    chain: 'iptables-nft',
  },
  {
    family: 'ip6',
    tables: ['raw', 'mangle', 'nat', 'filter', 'security'],
    engine: 'iptables-nft',
    programs: ['ip6tables-nft-save', 'ip6tables-save'],
    chain: 'ip6tables-nft',
  },
  {
    family: 'bridge',
    tables: ['filter', 'nat', 'broute'],
    engine: 'ebtables',
    programs: ['ebtables-nft-save', 'ebtables-save'],
    chain: null,
  },
  {
    family: 'arp',
    tables: ['filter'],
    engine: 'arptables',
    programs: ['arptables-nft-save', 'arptables-save'],
    chain: null,
  },
];

export const toolFor = (family: string, table: string): Tool | undefined =>
  TOOLS.find((tool) => tool.family === family && tool.tables.includes(table));
