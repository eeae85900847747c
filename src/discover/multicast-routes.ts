/** Multicast routes that a program has given the kernel of this host: net/ipv4/ipmr.c, ipmr_mfc_seq_show, ipmr_vif_seq_show. */
import type { Machine } from '../host/machine.ts';
import type { MulticastRoute } from '../model/facts.ts';
import type { Netns } from '../model/netns.ts';
import { fromHex } from './parse/group-address.ts';

/** Group, origin, interface, packets, bytes, wrong; then each interface that it goes out by, with its threshold. */
const ENTRY = /^([0-9a-f]{8})\s+([0-9a-f]{8})\s+(-?\d+)\s+\d+\s+\d+\s+\d+\s*(.*)$/i;
const VIF = /^(\d+)\s+(\S+)\s/;

/** None where no program has asked the kernel for them: the files are then empty. */
export function multicastRoutes(machine: Machine, where: Netns | null): MulticastRoute[] {
  const lines = (file: string): string[] => {
    const answer = machine.read(file, where);
    return answer.known ? answer.value.split('\n').map((line) => line.trim()) : [];
  };
  const names = new Map(
    lines('/proc/net/ip_mr_vif').flatMap((line) => {
      const [, index, name] = VIF.exec(line) ?? [];
      return index === undefined ? [] : [[index, name!] as const];
    }),
  );
  return lines('/proc/net/ip_mr_cache').flatMap((line) => {
    const [, group, origin, iif, outward = ''] = ENTRY.exec(line) ?? [];
    // Without an interface the kernel still waits for the router to say where it goes.
    if (group === undefined || iif === '-1') return [];
    const to = outward.split(/\s+/).flatMap((one) => names.get(one.split(':')[0]!) ?? []);
    return [{ group: fromHex(group), origin: fromHex(origin!), from: names.get(iif!) ?? null, to }];
  });
}
