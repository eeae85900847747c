/** A TFTP read request of a file that nobody has: RFC 1350. A connection-tracking helper looks for nothing less. */
import { headers, type ProbeRun } from './kind.ts';

export const TFTP = 69;

const READ = 1;
/** The first four bytes of every request of ours: the opcode, and how the name begins. */
export const MARK = '0x00016e65';

export const isTftp = ({ flow }: Pick<ProbeRun, 'flow'>): boolean =>
  flow.proto === 'udp' && flow.port === TFTP;

const nameOf = (run: ProbeRun, probe: number): string => `netdoctor-${run.token.toString(16)}-${probe}-`;

/** Of the probe's own length: the name of the file makes it up. */
export function readRequest(run: ProbeRun, probe: number): Uint8Array {
  const end = '\0octet\0';
  const room = (run.lengths[probe] ?? 150) - headers(run.flow) - 2 - end.length;
  const bytes = Buffer.from(`\0\0${nameOf(run, probe).padEnd(room, '-')}${end}`, 'latin1');
  bytes.writeUInt16BE(READ, 0);
  return bytes;
}

/** Which probe a payload is, or null. */
export function requested(run: ProbeRun, payload: Uint8Array): number | null {
  const text = Buffer.from(payload).toString('latin1');
  for (let probe = 0; probe < run.count; probe++) if (text.startsWith(nameOf(run, probe), 2)) return probe;
  return null;
}
