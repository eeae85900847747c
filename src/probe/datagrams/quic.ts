/**
 * A first packet of a version that nobody has: a server must answer it with the versions it has, and keeps no state for
 * it. RFC 9000 6.1 and 15 (versions kept back to exercise this), RFC 8999 for what holds in every version.
 */
import { headers } from '../kind.ts';
import { protocol, putToken, tokenAt } from '../protocol.ts';

/** Long header, fixed bit, the type of an Initial. */
const FIRST = 0xc0;
const LONG = 0x80;
const NOBODYS = 0x1a2a3a4a;
const ID = 8;
const DESTINATION = 6;
const SOURCE = DESTINATION + ID + 1;
/** Shorter datagrams need no answer; longer ones may not pass: RFC 9000 14.1. */
const LEAST = 1200;
/** The MTU that every link of IPv6 has: RFC 8200 5. */
const MOST = 1280;

const VERSIONS: Readonly<Record<number, string>> = { 1: 'QUIC 1', 1798521807: 'QUIC 2' };

/** The versions behind the two ids; those kept back to exercise this say nothing. */
function versions(bytes: Buffer): string[] {
  const found: string[] = [];
  const at = SOURCE + ID;
  for (let next = at; next + 4 <= bytes.length && found.length < 8; next += 4) {
    const version = bytes.readUInt32BE(next);
    if ((version & 0x0f0f0f0f) !== 0x0a0a0a0a)
      found.push(VERSIONS[version] ?? `0x${version.toString(16).padStart(8, '0')}`);
  }
  return found;
}

export default protocol({
  name: 'QUIC',
  ports: [443, 8443],
  unheeded: 'a server that is asked too often need not answer it',
  lengths: (flow) => ({ least: headers(flow) + LEAST, most: MOST }),
  mark: (run) => ({ at: DESTINATION, size: 4, value: run.token }),
  question(run, probe) {
    const bytes = Buffer.alloc((run.lengths[probe] ?? headers(run.flow) + LEAST) - headers(run.flow));
    for (let at = 0; at < bytes.length; at++) bytes[at] = at & 0xff;
    bytes[0] = FIRST;
    bytes.writeUInt32BE(NOBODYS, 1);
    bytes[DESTINATION - 1] = ID;
    putToken(run, probe, bytes, DESTINATION);
    bytes[SOURCE - 1] = ID;
    putToken(run, probe, bytes, SOURCE);
    return bytes;
  },
  asked(run, payload) {
    const bytes = Buffer.from(payload.subarray(0, SOURCE));
    const is = bytes.length === SOURCE && bytes[0] === FIRST && bytes.readUInt32BE(1) === NOBODYS;
    return is ? tokenAt(run, payload, DESTINATION) : null;
  },
  told(run, payload) {
    const bytes = Buffer.from(payload);
    const is =
      bytes.length >= SOURCE + ID &&
      (bytes[0]! & LONG) !== 0 &&
      bytes.readUInt32BE(1) === 0 &&
      bytes[DESTINATION - 1] === ID;
    const probe = is ? tokenAt(run, payload, DESTINATION) : null;
    if (probe === null) return null;
    const has = versions(bytes);
    return {
      probe,
      says: `QUIC, it has ${has.join(', ') || 'no version that is known here'}`,
      ...(has.length > 0 ? {} : { amiss: 'it names no version of QUIC' }),
    };
  },
});
