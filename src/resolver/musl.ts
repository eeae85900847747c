/** A name as musl looks it up. Source: musl 1.2.3-1.2.5, src/network/{lookup_name,res_msend}.c. */
import type { LookUpError, NameQuestion, RecordType } from '../model/look-up.ts';
import { type Answer, type Ask, NXDOMAIN } from './ask.ts';
import type { Configuration } from './configuration.ts';

export interface Found {
  readonly addresses: readonly string[];
  readonly error: LookUpError | null;
  readonly asked: string | null;
  readonly waited: number;
  readonly questions: readonly NameQuestion[];
}

export interface MuslOptions {
  /** Asks again by TCP where an answer was cut: since 1.2.4. */
  readonly tcp: boolean;
}

export async function muslLookUp(
  name: string,
  configuration: Configuration,
  types: readonly RecordType[],
  ask: Ask,
  { tcp }: MuslOptions = { tcp: true },
): Promise<Found> {
  const questions: NameQuestion[] = [];
  let waited = 0;
  const end = (found: Partial<Found>): Found => ({
    addresses: [],
    error: null,
    asked: null,
    ...found,
    waited,
    questions,
  });
  const whole = name.replace(/\.$/, '');
  if (whole === '' || whole.endsWith('.')) return end({ error: 'no-such-name' });
  for (const candidate of candidates(name, whole, configuration)) {
    const answers = await sendToAll(candidate);
    const addresses: string[] = [];
    let missing = false;
    for (const answer of answers) {
      if (!answer) return end({ error: 'try-again' });
      // NXDOMAIN for one family is believed of the name.
      if (answer.rcode === NXDOMAIN) missing = true;
      if (missing) break;
      addresses.push(...answer.addresses);
    }
    if (missing) continue;
    if (addresses.length > 0) return end({ addresses, asked: candidate });
    // A name without addresses ends the search; only one that is not there lets it go on.
    return end({ error: 'no-address' });
  }
  return end({ error: 'no-such-name' });

  /** All servers at once; the first good answer to each question counts. Undefined where none came in time. */
  async function sendToAll(candidate: string): Promise<(Answer | undefined)[]> {
    const asked = types.map((type) =>
      configuration.servers.map(
        (server): NameQuestion => ({ server, name: candidate, type, transport: 'udp' }),
      ),
    );
    questions.push(...asked.flat());
    const answers = await Promise.all(asked.map(firstGood));
    const cut = await Promise.all(
      answers.map((one) => (one?.answer.truncated && tcp ? overTcp(one.question) : one?.answer)),
    );
    if (cut.some((one) => one === undefined)) waited += configuration.timeout;
    return cut;
  }

  /** REFUSED and the like are passed over; SERVFAIL is asked again at once, and is no answer in the end. */
  async function firstGood(
    asked: readonly NameQuestion[],
  ): Promise<{ question: NameQuestion; answer: Answer } | undefined> {
    const replies = await Promise.all(
      asked.map(async (question) => ({ question, answer: await ask(question) })),
    );
    return replies
      .filter(
        (one): one is { question: NameQuestion; answer: Answer } =>
          one.answer.kind === 'answer' && (one.answer.rcode === 0 || one.answer.rcode === NXDOMAIN),
      )
      .toSorted((a, b) => a.answer.milliseconds - b.answer.milliseconds)[0];
  }

  async function overTcp(question: NameQuestion): Promise<Answer | undefined> {
    const again: NameQuestion = { ...question, transport: 'tcp' };
    questions.push(again);
    const reply = await ask(again);
    return reply.kind === 'answer' ? reply : undefined;
  }
}

/** The search list where the name has fewer dots than `ndots`, then the name; with enough dots the name alone. */
function candidates(name: string, whole: string, { search, ndots }: Configuration): string[] {
  const dots = name.split('.').length - 1;
  if (dots >= ndots || name.endsWith('.')) return [whole];
  return [...search.map((domain) => `${whole}.${domain.replace(/^\./, '').replace(/\.$/, '')}`), whole];
}
