/** A client's question for the time, with nothing of its own clock: RFC 5905, draft-ietf-ntp-data-minimization. */
import { exactly, type Heard, protocol, putToken, tokenAt } from '../protocol.ts';

const SIZE = 48;
/** Version 4, client. */
const QUESTION = 0x23;
const SERVER = 4;
/** Where a question has the time it was sent, which the answer gives back as the time of origin. */
const TRANSMIT = 40;
const ORIGIN = 24;
const REFERENCE = 12;
/** A server that has no time itself: stratum 16, or the alarm of both leap bits. */
const UNSYNCHRONISED = 16;
const ALARM = 3;

/** `RATE`, `DENY`: the kiss code of a server that says no. RFC 5905 7.4. */
const kiss = (payload: Uint8Array): string =>
  Buffer.from(payload.subarray(REFERENCE, REFERENCE + 4))
    .toString('latin1')
    .replace(/[^A-Z]/g, '');

export default protocol({
  name: 'NTP',
  ports: [123],
  lengths: exactly(SIZE),
  mark: (run) => ({ at: TRANSMIT, size: 4, value: run.token }),
  /** No clock stands in it: a random time of sending does, which is all that a client needs. */
  question(run, probe) {
    const bytes = Buffer.alloc(SIZE);
    bytes[0] = QUESTION;
    putToken(run, probe, bytes, TRANSMIT);
    return bytes;
  },
  asked: (run, payload) =>
    payload.length >= SIZE && payload[0] === QUESTION ? tokenAt(run, payload, TRANSMIT) : null,
  told(run, payload): Heard | null {
    if (payload.length < SIZE || ((payload[0] ?? 0) & 7) !== SERVER) return null;
    const probe = tokenAt(run, payload, ORIGIN);
    if (probe === null) return null;
    const stratum = payload[1] ?? 0;
    if (stratum === 0) {
      const code = kiss(payload);
      return { probe, says: `NTP says ${code}`, amiss: `it refuses to tell the time (${code})` };
    }
    if (stratum >= UNSYNCHRONISED || (payload[0] ?? 0) >> 6 === ALARM)
      return {
        probe,
        says: 'NTP, not synchronised',
        amiss: 'it has not got the time itself: no client takes it from there',
      };
    return { probe, says: `NTP, stratum ${stratum}` };
  },
});
