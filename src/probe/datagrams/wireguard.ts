/** The first message of a handshake, of nobody's key: a device throws it away after one hash. WireGuard whitepaper 5.4.2. */
import { exactly, protocol, putToken, tokenAt } from '../protocol.ts';

const SIZE = 148;
const INITIATION = 1;
const SENDER = 4;
/** Behind the five bytes that are the probe's: a public key, a name and a time, all of nobody. */
const REST = SENDER + 5;

export default protocol({
  name: 'WireGuard',
  ports: [51820],
  silent: 'WireGuard answers nobody whose key it does not know',
  lengths: exactly(SIZE),
  mark: (run) => ({ at: SENDER, size: 4, value: run.token }),
  question(run, probe) {
    const bytes = Buffer.alloc(SIZE);
    bytes[0] = INITIATION;
    putToken(run, probe, bytes, SENDER);
    for (let at = REST; at < SIZE; at++) bytes[at] = (at * 37 + probe) & 0xff;
    return bytes;
  },
  asked: (run, payload) =>
    payload.length === SIZE && payload[0] === INITIATION ? tokenAt(run, payload, SENDER) : null,
  told: () => null,
});
