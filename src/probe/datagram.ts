import type { ProbeRun } from './kind.ts';
import type { QuestionMark } from './protocol.ts';

/** The probe whose socket has this port, or that left through a NAT with it. */
export function byPort(run: ProbeRun, port: number): number | null {
  const probe = run.ports.indexOf(port);
  return probe < 0 ? (run.rewritten?.get(port) ?? null) : probe;
}

/** pcap-filter(7) words for the ports that are known before anything is sent. */
export const portsOf = (run: ProbeRun): string[] =>
  run.ports.filter((port) => port !== null).map((port) => `port ${port}`);

/**
 * Lets through datagrams whose payload has the mark, those of the probes' own ports, those of the asked address and port,
 * and ICMP errors that quote a UDP packet.
 */
export function udpFilter(run: ProbeRun, { at, size, value }: QuestionMark): string {
  const mark = `0x${value.toString(16)}`;
  const far = `(host ${run.flow.address} and port ${run.flow.port})`;
  const ports = [...portsOf(run), far].join(' or ');
  return run.flow.family === 4
    ? `(udp[${8 + at}:${size}] = ${mark} or (udp and (${ports})) or (icmp[17] = 17 and (icmp[0] = 3 or icmp[0] = 11)))`
    : `((ip6[6] = 17 and (ip6[${48 + at}:${size}] = ${mark} or ${ports})) or (ip6[6] = 58 and ip6[40] < 5 and ip6[54] = 17))`;
}
