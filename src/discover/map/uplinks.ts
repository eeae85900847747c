import type { Machine } from '../../host/machine.ts';

const [RTF_UP, RTF_REJECT] = [0x0001, 0x0200];

/** Devices of the host's default routes, of both families: /proc/net/route and ipv6_route, proc_net(5). */
export function defaultDevices(machine: Machine): ReadonlySet<string> {
  const found = new Set<string>();
  const usable = (flags: string | undefined): boolean => {
    const bits = Number.parseInt(flags ?? '0', 16);
    return (bits & RTF_UP) !== 0 && (bits & RTF_REJECT) === 0;
  };
  const table = machine.read('/proc/net/route');
  for (const line of table.known ? table.value.split('\n').slice(1) : []) {
    const [device, destination, , flags, , , , mask] = line.trim().split(/\s+/);
    if (device && destination === '00000000' && mask === '00000000' && usable(flags)) found.add(device);
  }
  const table6 = machine.read('/proc/net/ipv6_route');
  for (const line of table6.known ? table6.value.split('\n') : []) {
    const fields = line.trim().split(/\s+/);
    const [destination, length] = fields;
    const device = fields[9];
    if (
      device &&
      device !== 'lo' &&
      /^0{32}$/.test(destination ?? '') &&
      length === '00' &&
      usable(fields[8])
    )
      found.add(device);
  }
  return found;
}
