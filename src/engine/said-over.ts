/** What data over a connection came to, where the flow is healthy: said beside the verdict. */
import type { Answer } from '../model/answer.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Path } from '../model/path.ts';

const NAMES = { http: 'an HTTP HEAD', tls: 'a TLS hello', greeting: 'the greeting' } as const;

/** A server that speaks first, and whose greeting did not come: what its clients come for is not there. */
export const isUngreeted = (exchange: Exchange | null): boolean =>
  exchange?.speech === 'greeting' && exchange.result !== 'answered';

/** What a run has looked at, of which nothing but that it could look is wanted here. */
interface Looked {
  readonly exchange: Exchange | null;
  readonly captured: ReadonlySet<string>;
  readonly hits: Answer<unknown>;
  readonly drops: Answer<unknown>;
}

/**
 * What was said was acknowledged and not answered, or answered by a reset. A program need not answer what it does not
 * understand; but where a witness was missing, nobody could see an answer that is lost on its way, or who sent the reset.
 */
export const isUnseenSilence = ({ hops }: Path, { exchange, captured, hits, drops }: Looked): boolean =>
  (exchange?.result === 'quiet' || exchange?.result === 'reset') &&
  !(hits.known && drops.known && hops.every(({ id, link }) => captured.has(id) || !link.up));

/** Notes; none where data was answered and nothing is odd about it. */
export function saidOver(exchange: Exchange | null): Unknown[] {
  if (!exchange)
    return [{ what: 'whether data passes', because: 'the handshake was answered; no data was tried' }];
  const { speech, result, waited, certificate } = exchange;
  const notes: Unknown[] = certificate
    ? [{ what: 'the certificate that was shown', because: certificate }]
    : [];
  if (exchange.clock) notes.push({ what: 'the clock of this host', because: exchange.clock });
  const what = 'what the program says';
  const said = NAMES[speech];
  if (result === 'quiet' && speech === 'greeting')
    notes.push({
      what,
      because: `whoever serves this port speaks first, and no greeting came within ${(waited / 1000).toFixed(1)} s`,
    });
  else if (result === 'quiet')
    notes.push({ what, because: `${said} was acknowledged, and nothing was answered within ${waited} ms` });
  else if (result === 'lost')
    notes.push({
      what,
      because: `${said} arrived, and its stack did not acknowledge it within ${waited} ms`,
    });
  else if (result === 'ended')
    notes.push({
      what,
      because: `it closed the connection without a word${speech === 'greeting' ? '' : ` after ${said}`}`,
    });
  else if (result === 'reset')
    notes.push({
      what,
      because: `it reset the connection${speech === 'greeting' ? '' : ` when ${said} came`}`,
    });
  return notes;
}
