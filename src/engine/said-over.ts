/** What data over a connection came to, where the flow is healthy: said beside the verdict. */
import type { Answer } from '../model/answer.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Exchange } from '../model/exchange.ts';
import { destination } from '../model/flow.ts';
import type { Hop, Path } from '../model/path.ts';
import { type Place, placeAt } from '../model/place.ts';
import type { Scene } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';
import { seconds } from '../words/text.ts';

const NAMES = { http: 'an HTTP HEAD', tls: 'a TLS hello', greeting: 'the greeting' } as const;

/** A server that speaks first, and whose greeting did not come: what its clients come for is not there. */
export const isUngreeted = (exchange: Exchange | null): boolean =>
  exchange?.speech === 'greeting' && exchange.result !== 'answered';

/** Somebody named what is spoken there (`--data`), and it was not answered, or the connection closed without a word: nothing else says that it works. */
export const isNamedInVain = (exchange: Exchange | null): boolean =>
  exchange?.isNamed === true && /^(quiet|ended)$/.test(exchange.result);

/** What a run has looked at, of which nothing but that it could look is wanted here. */
interface Looked {
  readonly exchange: Exchange | null;
  readonly captured: ReadonlySet<string>;
  readonly sightings: readonly Pick<Sighting, 'hop' | 'probe'>[];
  readonly hits: Answer<unknown>;
  readonly drops: Answer<unknown>;
}

/**
 * What was said was acknowledged and not answered, or answered by a reset. A program need not answer what it does not
 * understand; but where a witness was missing, nobody could see an answer that is lost on its way, or who sent the reset.
 */
export function isUnseenSilence({ hops }: Path, looked: Looked): boolean {
  const { exchange, captured, sightings, hits, drops } = looked;
  if (exchange?.result !== 'quiet' && exchange?.result !== 'reset') return false;
  // A way that the connection did not show itself on is not the one it went.
  const shown = ({ id }: Hop): boolean =>
    captured.has(id) && sightings.some(({ hop, probe }) => hop === id && probe === exchange.over);
  return !(hits.known && drops.known && hops.every(shown));
}

/** Where silence begins, beside a greeting that nobody saw: behind the last interface on which the handshake's answer was. */
export function silentAt(path: Path, looked: Looked): Place | null {
  const { exchange } = looked;
  const isQuiet = isUngreeted(exchange) && exchange?.result === 'quiet';
  const isSilent = isQuiet && path.hops.length > 0 && !isUnseenSilence(path, looked);
  return isSilent ? placeAt(path, path.stages.length - 1, 'request') : null;
}

/** What came instead of a greeting, as a sentence; undefined where one came, or none was to come. */
export function unsaid(
  { path, flow, captured }: Pick<Scene, 'path' | 'flow' | 'captured'>,
  exchange: Exchange | null,
): string | undefined {
  if (!exchange || !isUngreeted(exchange)) return undefined;
  const opens = `connections to ${destination(flow)} open, and`;
  if (exchange.result === 'ended') return `${opens} are closed without a word, where the server speaks first`;
  if (exchange.result === 'reset') return `${opens} are reset without a word, where the server speaks first`;
  const last = path.hops.at(-1);
  const isSeen = path.ending === 'outside' && last !== undefined && captured.has(last.id);
  const where = isSeen
    ? `: none came in by ${last.name}, from behind which the handshake was answered`
    : ', where the server speaks first';
  return `${opens} no greeting came within ${seconds(exchange.waited)}${where}`;
}

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
      because: `whoever serves this port speaks first, and no greeting came within ${seconds(waited)}`,
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
