/** An outer packet that holds no network: whoever takes VXLAN throws it away. RFC 7348 5, vxlan_rcv. */
import { anyLength, headers, SHORTEST } from '../kind.ts';
import { protocol, putToken, tokenAt } from '../protocol.ts';

const HEADER = 8;

export default protocol({
  name: 'VXLAN',
  ports: [4789, 8472],
  silent: 'VXLAN carries packets of others, and answers none itself',
  lengths: anyLength,
  mark: (run) => ({ at: HEADER, size: 4, value: run.token }),
  question(run, probe) {
    const bytes = Buffer.alloc((run.lengths[probe] ?? SHORTEST) - headers(run.flow));
    // Without the flag of a valid network number nothing of it may come into any network.
    putToken(run, probe, bytes, HEADER);
    return bytes;
  },
  asked: (run, payload) => (payload[0] === 0 ? tokenAt(run, payload, HEADER) : null),
  told: () => null,
});
