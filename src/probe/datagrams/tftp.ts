/** A TFTP read request of a file that nobody has: RFC 1350. A connection-tracking helper looks for nothing less. */
import { headers, type ProbeRun, SHORTEST } from '../kind.ts';
import { protocol } from '../protocol.ts';

const READ = 1;
/** What comes back to a read request: data, an error, and the acknowledged options of RFC 2347. */
const ANSWERS = new Set([3, 5, 6]);
/** The first four bytes of every request of ours: the opcode, and how the name begins. */
const MARK = 0x00016e65;

const nameOf = (run: ProbeRun, probe: number): string => `netdoctor-${run.token.toString(16)}-${probe}-`;

/** The number of an error, and its words: RFC 1350, appendix. */
function errorOf(payload: Buffer): string {
  const [words] = payload.subarray(4).toString('latin1').split('\0');
  return `TFTP error ${payload.readUInt16BE(2)}${words ? `: ${words}` : ''}`;
}

export default protocol({
  name: 'TFTP',
  ports: [69],
  fromAnyPort: true,
  // A request fits into 512 bytes: RFC 2347.
  lengths: (flow) => ({ least: SHORTEST, most: headers({ ...flow, family: 4 }) + 512 }),
  mark: () => ({ at: 0, size: 4, value: MARK }),
  /** Of the probe's own length: the name of the file makes it up. */
  question(run, probe) {
    const end = '\0octet\0';
    const room = (run.lengths[probe] ?? SHORTEST) - headers(run.flow) - 2 - end.length;
    const bytes = Buffer.from(`\0\0${nameOf(run, probe).padEnd(room, '-')}${end}`, 'latin1');
    bytes.writeUInt16BE(READ, 0);
    return bytes;
  },
  asked(run, payload) {
    const text = Buffer.from(payload).toString('latin1');
    for (let probe = 0; probe < run.count; probe++) if (text.startsWith(nameOf(run, probe), 2)) return probe;
    return null;
  },
  /** It does not say which request it answers: its port does. */
  told(_run, payload) {
    const bytes = Buffer.from(payload);
    if (bytes.length < 4 || !ANSWERS.has(bytes.readUInt16BE(0))) return null;
    return { probe: null, says: bytes.readUInt16BE(0) === 5 ? errorOf(bytes) : 'TFTP data' };
  },
});
