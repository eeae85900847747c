/** Virtual routing: a VRF device is the master of interfaces that route by a table of its own (Documentation/networking/vrf.rst). */
import { type Link, linkNamed, type Stack } from '../model/stack.ts';

/** The VRF that the interface belongs to, or that it is. */
export function vrfOf(stack: Stack, name: string | null): Link | undefined {
  const link = linkNamed(stack, name);
  if (link?.kind === 'vrf') return link;
  const master = linkNamed(stack, link?.master ?? null);
  return master?.kind === 'vrf' ? master : undefined;
}

/** Its table as routes name it: the number, or the name that /etc/iproute2/rt_tables gives it. */
export function tableOf(stack: Stack, vrf: Link): string {
  const number = String(vrf.data.table ?? '');
  if (stack.routes.some(({ table }) => table === number)) return number;
  // The kernel writes the addresses of its interfaces into the VRF's table, and not into `local`.
  const members = stack.links.filter(({ name, master }) => name === vrf.name || master === vrf.name);
  const own = stack.routes.find(
    ({ type, table, dev }) =>
      type === 'local' && table !== 'local' && members.some(({ name }) => name === dev),
  );
  return own?.table ?? number;
}

/** The table that decides about what comes in by this interface before main does; `main` without a VRF. */
export function tableFor(stack: Stack, iif: string | null): string {
  const vrf = vrfOf(stack, iif);
  return vrf ? tableOf(stack, vrf) : 'main';
}
