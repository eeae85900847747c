/** What a resolver is asked by `--proto dns`, asked of the port: RFC 1035. */
import { RCODES, readAnswer } from '../../wire/dns-message.ts';
import { headers } from '../kind.ts';
import dns, { byId, idOf, isResponse } from '../kinds/dns.ts';
import { type Heard, protocol } from '../protocol.ts';

/** An answer, and that there is no such name. */
const USUAL = new Set([0, 3]);

export default protocol({
  name: 'DNS',
  ports: [53],
  lengths: (flow) => dns.lengths(flow) ?? { least: headers(flow), most: headers(flow) },
  mark: (run) => ({ at: 0, size: 2, value: idOf(run, 0) }),
  question: (run, probe) => dns.payload(run, probe) ?? new Uint8Array(),
  asked: (run, payload) => (isResponse(payload) ? null : byId(run, payload)),
  told(run, payload): Heard | null {
    const answer = readAnswer(payload);
    const probe = answer ? byId(run, payload) : null;
    if (!answer || probe === null) return null;
    const says = RCODES[answer.rcode] ?? `RCODE ${answer.rcode}`;
    return USUAL.has(answer.rcode) ? { probe, says } : { probe, says, amiss: `it answers ${says}` };
  },
});
