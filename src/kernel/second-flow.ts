/** Protocols whose answers or data come by a second flow, which connection tracking knows through a helper only. */
import type { Flow } from '../model/flow.ts';

export interface Helper {
  /** As `-j CT --helper` and nft's `ct helper` name it; the module is nf_conntrack_NAME. */
  readonly name: string;
  readonly proto: 'tcp' | 'udp';
  readonly port: number;
  /** What the second flow is. */
  readonly second: string;
}

/** Those whose first exchange tells (the data of FTP and the voice of SIP come later): net/netfilter/nf_conntrack_tftp.c. */
const HELPERS: readonly Helper[] = [
  { name: 'tftp', proto: 'udp', port: 69, second: 'TFTP answers each request from a fresh port' },
];

export const helperOf = ({ proto, port }: Pick<Flow, 'proto' | 'port'>): Helper | undefined =>
  HELPERS.find((one) => one.proto === proto && one.port === port);
