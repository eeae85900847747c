/** A message of the lowest severity that says what it is: RFC 5424, RFC 5426. */
import { headers, type ProbeRun, SHORTEST } from '../kind.ts';
import { protocol } from '../protocol.ts';

/** A program's own message, for those who look for mistakes: facility 1, severity 7. */
const PRIORITY = '<15>';
const HEADER = `${PRIORITY}1 - - netdoctor - - -`;
/** What every receiver takes: RFC 5426 3.2. */
const MOST = 480;

const words = (run: ProbeRun, probe: number): string => `${HEADER} probe ${run.token.toString(16)}-${probe} `;

export default protocol({
  name: 'syslog',
  ports: [514],
  silent: 'syslog takes what comes, and answers nobody',
  lengths: (flow) => ({ least: SHORTEST, most: headers(flow) + MOST }),
  mark: () => ({ at: 0, size: 4, value: Buffer.from(PRIORITY).readUInt32BE() }),
  question: (run, probe) =>
    Buffer.from(
      words(run, probe).padEnd((run.lengths[probe] ?? SHORTEST) - headers(run.flow), '.'),
      'latin1',
    ),
  asked(run, payload) {
    const text = Buffer.from(payload).toString('latin1');
    for (let probe = 0; probe < run.count; probe++) if (text.startsWith(words(run, probe))) return probe;
    return null;
  },
  told: () => null,
});
