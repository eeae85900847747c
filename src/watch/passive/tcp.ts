/** What goes wrong in a connection: RFC 9293 3.8.1 (sent again), 3.5.2 (reset). */
import { ACK, FIN, isBehind, RST, type Segment, SYN } from '../../wire/transport.ts';
import { beginAnew, remember, type Talk } from './talks.ts';
import type { Reach, Trouble } from './trouble.ts';

type Said = Pick<Trouble, 'kind' | 'reach' | 'says'>;

export interface Heard {
  readonly tcp: Segment;
  /** Bytes of data, on the wire. */
  readonly data: number;
  readonly at: bigint;
  readonly reach: Reach;
  readonly speaker: 0 | 1;
}

/** What the segment shows, and what it leaves open in the conversation. */
export function hearSegment(talk: Talk, { tcp, data, at, reach, speaker }: Heard): Said | null {
  const [own, other] = [talk.sides[speaker], talk.sides[speaker === 0 ? 1 : 0]];
  if (tcp.flags & RST) return reset(talk, { tcp, reach, speaker });
  if (tcp.flags & SYN && !(tcp.flags & ACK)) {
    if (talk.answered && !own.reached.has(tcp.sequence)) beginAnew(talk);
    // Sent again it is the same question, and how far it came now counts.
    talk.open = { at: talk.open?.at ?? at, reach, told: talk.open?.told ?? false };
  } else if (speaker === 1 && !talk.answered) answer(talk, reach);
  if (tcp.flags & FIN) own.finished = true;
  const length = data + (tcp.flags & SYN ? 1 : 0) + (tcp.flags & FIN ? 1 : 0);
  const end = (tcp.sequence + length) >>> 0;
  if (length === 0) return null;
  const before = own.reached.get(tcp.sequence);
  const isOld = own.sent !== null && !isBehind(own.sent, end);
  if (!isOld) own.sent = end;
  remember(own, tcp.sequence, reach);
  // A keepalive repeats one byte at most: RFC 9293 3.8.4. A SYN without an answer is told by itself.
  if (!isOld || (tcp.flags & SYN && (speaker === 0 || !other.sent)) || (length === 1 && !(tcp.flags & FIN)))
    return null;
  return {
    kind: 'sent-again',
    reach: before ?? reach,
    says: `${tcp.flags & SYN ? 'SYN-ACK' : `${data} bytes`} sent again`,
  };
}

/** Whoever asked has his answer only where it came to him. */
export function answer(talk: Talk, reach: Reach): void {
  if (reach.through) {
    talk.answered = true;
    talk.open = null;
  } else talk.answer = reach;
}

function reset(talk: Talk, { tcp, reach, speaker }: Pick<Heard, 'tcp' | 'reach' | 'speaker'>): Said | null {
  const refuses = speaker === 1 && !talk.answered && talk.open !== null;
  const over = talk.sides.every(({ finished }) => finished);
  const again = talk.sides[speaker].reset;
  talk.sides[speaker].reset = true;
  talk.open = null;
  talk.answered = true;
  if (over || again) return null;
  return {
    kind: refuses ? 'refused' : 'reset',
    reach,
    says: refuses ? 'connection refused' : `connection reset${tcp.flags & ACK ? '' : ' (no ACK)'}`,
  };
}
