/** A name as glibc looks it up in the DNS. Source: glibc 2.36, resolv/res_query.c and nss_dns/dns-host.c. */
import type { LookUpError, RecordType } from '../model/look-up.ts';
import { type Answer, type Ask, NXDOMAIN, SERVFAIL } from './ask.ts';
import type { Configuration } from './configuration.ts';
import { Exchange } from './glibc-send.ts';
import type { Found } from './musl.ts';

/** h_errno of a query, where it has no address. */
type Refusal = LookUpError;

interface Queried {
  readonly addresses: readonly string[];
  readonly refusal: Refusal | null;
}

export interface GlibcFound extends Found {
  /** No server could be reached at all: the next source of nsswitch.conf is asked, as for one that is not there. */
  readonly unavailable: boolean;
}

/** `start`: which server is first under `rotate`; glibc draws it by lot. */
export async function glibcLookUp(
  name: string,
  configuration: Configuration,
  types: readonly RecordType[],
  ask: Ask,
  start = 0,
): Promise<GlibcFound> {
  const wanted = configuration.noAaaa ? types.filter((type) => type === 'A') : types;
  const exchange = new Exchange(configuration, wanted, ask, start);
  const found = await search(name, configuration, exchange);
  return { ...found, waited: exchange.waited, questions: exchange.questions };
}

type Searched = Omit<GlibcFound, 'waited' | 'questions'>;

async function search(name: string, configuration: Configuration, exchange: Exchange): Promise<Searched> {
  const trailing = name.endsWith('.');
  const whole = trailing ? name.slice(0, -1) : name;
  const dots = name.split('.').length - 1;
  let unavailable = false;
  let ended: Searched | undefined;
  /** True where the name's addresses are found. */
  const attempt = async (candidate: string): Promise<Refusal | null> => {
    const { addresses, refusal } = await query(candidate, exchange);
    unavailable = exchange.unreachable;
    // Records that are no addresses end the search, and give none: gaih_getanswer(), nss_dns/dns-host.c.
    const error = addresses.length === 0 ? 'no-such-name' : null;
    if (refusal === null) ended = { addresses, error, asked: candidate, unavailable: false };
    return refusal;
  };
  // getaddrinfo(3) knows no word for what the server will never say (NO_RECOVERY): the name is unknown then.
  const failed = (error: LookUpError): Searched => ({
    addresses: [],
    error: error === 'failed' ? 'no-such-name' : error,
    asked: null,
    unavailable,
  });

  let asIs: Refusal | undefined;
  if (dots >= configuration.ndots || trailing) {
    const refusal = await attempt(whole);
    if (ended) return ended;
    if (trailing) return failed(refusal!);
    asIs = refusal!;
  }
  let last: Refusal = asIs ?? 'no-such-name';
  let noData = false;
  let serverFailed = false;
  let root = false;
  for (const domain of configuration.search) {
    const bare = domain.replace(/^\./, '').replace(/\.$/, '');
    root ||= bare === '';
    last = (await attempt(bare === '' ? whole : `${whole}.${bare}`)) ?? last;
    if (ended) return ended;
    if (exchange.unreachable) return failed('try-again');
    noData ||= last === 'no-address';
    const failing = last === 'try-again' && exchange.lastRcode === SERVFAIL;
    serverFailed ||= failing;
    if (last !== 'no-address' && last !== 'no-such-name' && !failing) break;
  }
  const searched = configuration.search.length > 0;
  if ((dots > 0 || !searched || !configuration.noTldQuery) && asIs === undefined && !root) {
    last = (await attempt(whole)) ?? last;
    if (ended) return ended;
  }
  if (asIs !== undefined) return failed(asIs);
  if (noData) return failed('no-address');
  return failed(serverFailed ? 'try-again' : last);
}

/** `__res_context_query`: what two answers say together. */
async function query(name: string, exchange: Exchange): Promise<Queried> {
  const answers = await exchange.send(name);
  const refused = (refusal: Refusal): Queried => ({ addresses: [], refusal });
  if (!answers) return refused('try-again');
  const [first, second = first] = answers;
  const empty = (answer: Answer): boolean => answer.rcode !== 0 || answer.records === 0;
  if (empty(first!) && empty(second!)) {
    const rcode = first!.rcode === 0 ? second!.rcode : first!.rcode;
    if (rcode === 0) return refused('no-address');
    if (rcode === NXDOMAIN) return refused('no-such-name');
    return refused(rcode === SERVFAIL ? 'try-again' : 'failed');
  }
  return { addresses: answers.flatMap(({ addresses }) => addresses), refusal: null };
}
