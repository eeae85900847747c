/** One filter for all probes of a watch, those to come included: their ports and numbers are not known yet. */
import type { Flow } from '../model/flow.ts';
import type { Path } from '../model/path.ts';

/** Probes of ICMP, and of UDP where nobody knows its protocol, begin with these two bytes; two more are drawn anew each time. */
export const tokenOf = (mark: number, batch: number): number => mark * 0x10000 + (batch & 0xffff);

type Far = Pick<Path, 'realDestination' | 'realPort'>;

/** pcap-filter(7): probes, answers, and errors about them; of connections only how they begin and break. */
export function filterFor({ proto, family, address, port }: Flow, far: Far, mark: number): string {
  const token = `0x${mark.toString(16)}`;
  if (proto === 'icmp')
    return family === 4
      ? `icmp[8:2] = ${token} or icmp[36:2] = ${token}`
      : `ip6[6] = 58 and (ip6[48:2] = ${token} or ip6[96:2] = ${token})`;
  // A zone (RFC 4007) is known to the sender alone.
  const hosts = [address, far.realDestination].map((one) => `host ${one.replace(/%.*$/, '')}`);
  const ports = [port, far.realPort ?? null].filter((one) => one !== null).map((one) => `port ${one}`);
  const ends = [...new Set([...hosts, ...ports])].join(' or ');
  if (proto === 'tcp')
    return family === 4
      ? `(tcp[13] & 6 != 0 and (${ends})) or (icmp[17] = 6 and ${ERROR})`
      : `(ip6[6] = 6 and ip6[53] & 6 != 0 and (${ends})) or (ip6[6] = 58 and ip6[40] < 5 and ip6[54] = 6)`;
  return family === 4
    ? `(udp and (${ends})) or (icmp[17] = 17 and ${ERROR})`
    : `(ip6[6] = 17 and (${ends})) or (ip6[6] = 58 and ip6[40] < 5 and ip6[54] = 17)`;
}

/** Unreachable, time exceeded, parameter problem: RFC 792. */
const ERROR = '(icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12)';
