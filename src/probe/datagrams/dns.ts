/** What a resolver is asked by `--proto dns`, asked of the port: RFC 1035. */
import { RCODES, readAnswer } from '../../wire/dns-message.ts';
import { headers } from '../kind.ts';
import dns, { idOf } from '../kinds/dns.ts';
import { type Heard, protocol } from '../protocol.ts';

const HEADER = 12;
const RESPONSE = 0x80;
/** An answer, and that there is no such name. */
const USUAL = new Set([0, 3]);

export default protocol({
  name: 'DNS',
  ports: [53],
  lengths: (flow) => dns.lengths(flow) ?? { least: headers(flow), most: headers(flow) },
  mark: (run) => ({ at: 0, size: 2, value: idOf(run, 0) }),
  question: (run, probe) => dns.payload(run, probe) ?? new Uint8Array(),
  asked(run, payload) {
    if (payload.length < HEADER || ((payload[2] ?? 0) & RESPONSE) !== 0) return null;
    const id = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
    for (let probe = 0; probe < run.count; probe++) if (idOf(run, probe) === id) return probe;
    return null;
  },
  told(run, payload): Heard | null {
    const answer = readAnswer(payload);
    if (!answer) return null;
    for (let probe = 0; probe < run.count; probe++)
      if (answer.id === idOf(run, probe)) {
        const says = RCODES[answer.rcode] ?? `RCODE ${answer.rcode}`;
        return USUAL.has(answer.rcode) ? { probe, says } : { probe, says, amiss: `it answers ${says}` };
      }
    return null;
  },
});
