/** Whether a namespace has passed packets of others on: the counters of its network, proc_pid_net(5). */
import type { Machine } from '../host/machine.ts';
import type { Netns } from '../model/netns.ts';
import { counts } from './has-asked.ts';

const FORWARDED = { Ip: 'ForwDatagrams' } as const;
const FORWARDED_BY_SIX = /^Ip6OutForwDatagrams\s+[1-9]/m;

/** That it may (net.ipv4.ip_forward, which a new namespace has from the host) says nothing. False where nothing is counted. */
export const hasForwarded = (machine: Machine, netns: Netns): boolean =>
  counts(machine, netns, FORWARDED, FORWARDED_BY_SIX);
