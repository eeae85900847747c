/** Ports that the kernel gives out by itself: ip_local_port_range and ip_local_reserved_ports of ip-sysctl.rst. */

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Reads `32768 60999`; undefined for what is no range. */
export function portRange(text: string | undefined): PortRange | undefined {
  const [first, last] = (text ?? '').trim().split(/\s+/).map(Number);
  return first && last && first <= last ? { first, last } : undefined;
}

/** `8080,9000-9100` as ranges. */
const reservedRanges = (text: string): PortRange[] =>
  text
    .split(',')
    .filter((part) => /^\d+(-\d+)?$/.test(part.trim()))
    .map((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return { first, last };
    });

export const isReserved = (port: number, reserved: string): boolean =>
  reservedRanges(reserved).some(({ first, last }) => port >= first && port <= last);

/** How many ports there are to give out. */
export function capacity({ first, last }: PortRange, reserved: string): number {
  const ranges = reservedRanges(reserved);
  if (ranges.length === 0) return last - first + 1;
  let all = 0;
  for (let port = first; port <= last; port++)
    if (!ranges.some((one) => port >= one.first && port <= one.last)) all++;
  return all;
}
