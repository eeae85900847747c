/** The check of a source by the way back to it: rp_filter of Documentation/networking/ip-sysctl.rst. */
import type { Side, Sysctls } from '../model/facts.ts';

/** The larger of `all` and the interface's own counts: 1 is strict, and 2 is loose. It is of IPv4 alone. */
export function isStrict(sysctls: Sysctls, side: Side, dev: string): boolean {
  const of = (name: string) => Number(sysctls[side][`net.ipv4.conf.${name}.rp_filter`] ?? 0);
  return Math.max(of('all'), of(dev)) === 1;
}
