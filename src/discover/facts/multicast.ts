import type { Machine } from '../../host/machine.ts';
import { known } from '../../model/answer.ts';
import { fact } from '../fact.ts';

/** Eight digits of a 32-bit word as the kernel prints it: on a little-endian machine the bytes come backwards. */
const address = (hex: string): string =>
  (hex.match(/../g) ?? [])
    .map((byte) => Number.parseInt(byte, 16))
    .reverse()
    .join('.');

/** Group, origin, interface, counters. net/ipv4/ipmr.c, ipmr_mfc_seq_show. */
const ENTRY = /^([0-9a-f]{8})\s+([0-9a-f]{8})\s+(-?\d+)\s/i;

/** The multicast routes of the host: none where no program has asked the kernel for them (ip_mr_cache is then empty). */
export default fact({
  name: 'multicast',
  async gather(machine: Machine) {
    const file = '/proc/net/ip_mr_cache';
    const table = machine.read(file);
    const lines = table.known ? table.value.split('\n') : [];
    const groups = lines.flatMap((line) => {
      const [, group, , iif] = ENTRY.exec(line.trim()) ?? [];
      // Without an interface the kernel still waits for the router to say where it goes.
      return group === undefined || iif === '-1' ? [] : [address(group)];
    });
    return known({ groups }, ['ip', 'mroute', 'show']);
  },
});
