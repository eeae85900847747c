/** A binding request, as every browser that calls sends: RFC 8489. It tells the address that the server sees. */
import { exactly, protocol, putToken, tokenAt } from '../protocol.ts';

const SIZE = 20;
const REQUEST = 0x0001;
const SUCCESS = 0x0101;
const ERROR = 0x0111;
const COOKIE = 0x2112a442;
const TRANSACTION = 8;
const XOR_MAPPED_ADDRESS = 0x0020;
const IPV4 = 1;

/** The asker as the server sees him: RFC 8489 14.2; null where it says none that is read here. */
function mapped(payload: Buffer): string | null {
  for (let at = SIZE; at + 4 <= payload.length; ) {
    const length = payload.readUInt16BE(at + 2);
    if (payload.readUInt16BE(at) === XOR_MAPPED_ADDRESS && length >= 8 && at + 12 <= payload.length) {
      if (payload[at + 5] !== IPV4) return null;
      const port = payload.readUInt16BE(at + 6) ^ (COOKIE >>> 16);
      const address = (payload.readUInt32BE(at + 8) ^ COOKIE) >>> 0;
      return `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.')}:${port}`;
    }
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return null;
}

export default protocol({
  name: 'STUN',
  ports: [3478, 19302],
  lengths: exactly(SIZE),
  mark: (run) => ({ at: TRANSACTION, size: 4, value: run.token }),
  question(run, probe) {
    const bytes = Buffer.alloc(SIZE);
    bytes.writeUInt16BE(REQUEST, 0);
    bytes.writeUInt32BE(COOKIE, 4);
    putToken(run, probe, bytes, TRANSACTION);
    return bytes;
  },
  asked(run, payload) {
    const bytes = Buffer.from(payload);
    const is = bytes.length >= SIZE && bytes.readUInt16BE(0) === REQUEST && bytes.readUInt32BE(4) === COOKIE;
    return is ? tokenAt(run, payload, TRANSACTION) : null;
  },
  told(run, payload) {
    const bytes = Buffer.from(payload);
    if (bytes.length < SIZE || bytes.readUInt32BE(4) !== COOKIE) return null;
    const kind = bytes.readUInt16BE(0);
    const probe = tokenAt(run, payload, TRANSACTION);
    if (probe === null || (kind !== SUCCESS && kind !== ERROR)) return null;
    if (kind === ERROR) return { probe, says: 'STUN error', amiss: 'it refuses a binding request' };
    const seen = mapped(bytes);
    return { probe, says: seen === null ? 'STUN' : `STUN, it sees ${seen}` };
  },
});
