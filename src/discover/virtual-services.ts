/** Services of the kernel's own balancer, IPVS: /proc/net/ip_vs of net/netfilter/ipvs/ip_vs_ctl.c. */
import ipaddr from 'ipaddr.js';
import type { Machine } from '../host/machine.ts';
import type { VirtualService } from '../model/facts.ts';
import type { Netns } from '../model/netns.ts';

const SERVICE = /^(TCP|UDP|SCTP)\s+(\S+):([0-9A-F]{4})\s/;
const SERVER = /^\s*->\s+(\S+):([0-9A-F]{4})\s+(\w+)\s+(\d+)/;

/** `C0000201` or `[2001:0db8:…]` as the file writes them; null for what is neither. */
function addressOf(text: string): string | null {
  if (/^[0-9A-F]{8}$/.test(text)) return Buffer.from(text, 'hex').join('.');
  const six = /^\[(.+)\]$/.exec(text)?.[1];
  return six !== undefined && ipaddr.isValid(six) ? ipaddr.parse(six).toString() : null;
}

/** Services that are selected by a mark have no address, and are left out. */
export function parseServices(text: string): VirtualService[] {
  const services: (VirtualService & { servers: VirtualService['servers'][number][] })[] = [];
  let current: (typeof services)[number] | undefined;
  for (const line of text.split('\n')) {
    const [, address, port, forward, weight] = SERVER.exec(line) ?? [];
    const server = address === undefined ? null : addressOf(address);
    if (server !== null)
      current?.servers.push({
        address: server,
        port: Number.parseInt(port!, 16),
        forward: forward!,
        weight: Number(weight),
      });
    if (!/^\S/.test(line)) continue;
    const [, proto, own, at] = SERVICE.exec(line) ?? [];
    const held = own === undefined ? null : addressOf(own);
    current =
      held === null
        ? undefined
        : {
            proto: proto!.toLowerCase() as VirtualService['proto'],
            address: held,
            port: Number.parseInt(at!, 16),
            servers: [],
          };
    if (current) services.push(current);
  }
  return services;
}

/** None where the kernel has no IPVS, or nobody uses it. */
export function virtualServices(machine: Machine, where: Netns | null): VirtualService[] {
  const table = machine.read('/proc/net/ip_vs', where);
  return table.known ? parseServices(table.value) : [];
}
