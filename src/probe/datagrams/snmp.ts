/**
 * Whose agent are you? The discovery with which every manager of version 3 begins: RFC 3414 4. It names no user and no
 * community: a guessed one would be a password tried, of which an agent may tell its owner (authenticationFailure).
 */
import { type Element, elementsOf, encode } from '../../wire/ber.ts';
import type { ProbeRun } from '../kind.ts';
import { exactly, protocol } from '../protocol.ts';

const INTEGER = 0x02;
const OCTETS = 0x04;
const SEQUENCE = 0x30;
const GET = 0xa0;
const REPORT = 0xa8;
const VERSION_3 = 3;
/** Where the number of the message stands in each question of ours: behind two heads and the version. */
const NUMBER = 9;

/** The run's number: positive, of four bytes whatever is added. */
const numberOf = ({ token }: ProbeRun, probe: number): number => ((token & 0x3fffff00) | 0x40000000) + probe;

const integer = (value: number, bytes: 1 | 3 | 4): Buffer => {
  const content = Buffer.alloc(bytes);
  content.writeUIntBE(value, 0, bytes);
  return encode(INTEGER, content);
};
const none = encode(OCTETS);

function discovery(run: ProbeRun, probe: number): Buffer {
  const head = encode(
    SEQUENCE,
    integer(numberOf(run, probe), 4),
    // The longest message that is taken, the flag that a report is wanted, the user-based model.
    integer(65_507, 3),
    encode(OCTETS, Buffer.from([4])),
    integer(3, 1),
  );
  const security = encode(SEQUENCE, none, integer(0, 1), integer(0, 1), none, none, none);
  const get = encode(GET, integer(numberOf(run, probe), 4), integer(0, 1), integer(0, 1), encode(SEQUENCE));
  return encode(
    SEQUENCE,
    integer(VERSION_3, 1),
    head,
    encode(OCTETS, security),
    encode(SEQUENCE, none, none, get),
  );
}

const SIZE = discovery({ token: 0 } as ProbeRun, 0).length;

/** The parts of a message of version 3, and whose number it bears; null: it is none. */
function read(run: ProbeRun, payload: Uint8Array): { parts: readonly Element[]; probe: number } | null {
  const [whole] = elementsOf(Buffer.from(payload));
  const parts = whole?.tag === SEQUENCE ? elementsOf(whole.content) : [];
  if (parts[0]?.tag !== INTEGER || parts[0].content[0] !== VERSION_3 || !parts[1]) return null;
  const [number] = elementsOf(parts[1].content);
  if (number?.tag !== INTEGER || number.content.length !== 4) return null;
  const probe = number.content.readUInt32BE() - numberOf(run, 0);
  return probe >= 0 && probe < run.count ? { parts, probe } : null;
}

export default protocol({
  name: 'SNMP',
  ports: [161],
  unheeded: 'an agent that speaks no version 3 is silent to it',
  lengths: exactly(SIZE),
  mark: (run) => ({ at: NUMBER, size: 2, value: numberOf(run, 0) >>> 16 }),
  question: discovery,
  asked(run, payload) {
    const message = read(run, payload);
    return message && payload.length === SIZE && pduOf(message.parts) === GET ? message.probe : null;
  },
  told(run, payload) {
    const message = read(run, payload);
    return message && pduOf(message.parts) === REPORT
      ? { probe: message.probe, says: 'SNMP, an agent of version 3' }
      : null;
  },
});

/** What kind of message it holds, where that is not encrypted. */
function pduOf([, , , scoped]: readonly Element[]): number | undefined {
  return scoped?.tag === SEQUENCE ? elementsOf(scoped.content)[2]?.tag : undefined;
}
