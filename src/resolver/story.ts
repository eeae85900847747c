/** What the story of a name tells: who cost time, who refused, what was cut, what everybody denies. */
import type { Asked, Elsewhere, Led, LookUp, NameQuestion, Outcome } from '../model/look-up.ts';
import { type Answer, NXDOMAIN } from './ask.ts';

export type Answered = NameQuestion & { readonly reply: Answer };

export const isAnswered = <T extends Asked>(one: T): one is T & Answered => one.reply.kind === 'answer';

/** Neither an answer nor a denial: REFUSED, SERVFAIL and their like. */
export const isErrorCode = ({ reply }: Answered): boolean => reply.rcode !== 0 && reply.rcode !== NXDOMAIN;

/** An answer that denies the name, or knows no address of that family. */
export const isEmpty = (one: Asked): one is Answered =>
  isAnswered(one) && one.reply.addresses.length === 0 && !isErrorCode(one);

/** What came back to a question, where it was put. */
export const replyTo = (story: Pick<LookUp, 'asked'>, question: NameQuestion): Asked | undefined =>
  story.asked.find(
    ({ server, name, type, transport, edns, trustAd }) =>
      server === question.server &&
      name === question.name &&
      type === question.type &&
      transport === question.transport &&
      edns === question.edns &&
      trustAd === question.trustAd,
  );

/** What one library heard, in the order in which it asked. */
export const heard = (story: Pick<LookUp, 'asked'>, { questions }: Outcome): Asked[] =>
  questions.flatMap((one) => replyTo(story, one) ?? []);

/** Waiting that a person notices. Seconds. */
const NOTICED = 1;

/** Libraries that fail, or wait. */
export const sufferers = ({ outcomes }: Pick<LookUp, 'outcomes'>): Outcome[] =>
  outcomes.filter(({ waited, error }) => waited >= NOTICED || error !== null);

/** Servers that did not answer a library which then waited, or failed. */
export function costlyServers(story: LookUp): string[] {
  const servers = sufferers(story).flatMap((outcome) =>
    heard(story, outcome)
      .filter(({ reply, transport }) => reply.kind !== 'answer' && transport === 'udp')
      .filter(({ reply }) => outcome.error !== null || reply.kind === 'silence')
      .map(({ server }) => server),
  );
  return [...new Set(servers)];
}

/**
 * A question that a library which fails or waits put to this server by TCP alone (`use-vc`), and that got no answer so. An
 * answer that was cut is another matter.
 */
export const askedByTcpAlone = (story: LookUp, server: string): Asked | undefined =>
  story.outcomes
    .filter(({ waited, error }) => waited >= NOTICED || (error !== null && failsForSomebody(story)))
    .flatMap((outcome) =>
      heard(story, outcome).filter(
        (one) =>
          one.server === server &&
          one.transport === 'tcp' &&
          (one.reply.kind === 'silence' || (outcome.error !== null && one.reply.kind === 'error')) &&
          !outcome.questions.some(({ transport }) => transport === 'udp'),
      ),
    )[0];

/**
 * Does a program of the target get no address? Its own library's outcome says it. Where that cannot be told, a bare namespace
 * has programs of all kinds; an image without a loader has programs that carry a library with them, and which one nobody knows.
 */
export const failsForSomebody = ({ outcomes, bare }: Pick<LookUp, 'outcomes' | 'bare'>): boolean => {
  const failed = outcomes.filter(({ error }) => error !== null);
  return failed.length > 0 && (bare === true || failed.length === outcomes.length);
};

/** Seconds a library waits because of it, of those that wait. */
export const waitsBecauseOf = (story: LookUp, server: string): readonly Outcome[] =>
  story.outcomes.filter(
    (outcome) =>
      outcome.waited >= NOTICED &&
      heard(story, outcome).some((one) => one.server === server && one.reply.kind === 'silence'),
  );

/** An answer of this server that did not fit, and was not to be had by TCP. */
export function cutAnswer(story: LookUp, server: string): Asked | undefined {
  return story.asked.find(
    (one) =>
      one.server === server &&
      one.reply.kind === 'answer' &&
      one.reply.truncated &&
      story.asked.some(
        (again) =>
          again.server === server &&
          again.name === one.name &&
          again.transport === 'tcp' &&
          again.reply.kind !== 'answer',
      ),
  );
}

/** An answer of this server that is none: an error code, or nothing at all from one that has nothing to do with the name. */
export const refusal = (story: LookUp, server: string): Answered | undefined =>
  story.asked.filter(isAnswered).find((one) => one.server === server && (isErrorCode(one) || one.reply.lame));

/**
 * What the host asks once more: is it the asker that is refused, or the name? Of the server that said so last, and of its
 * refusals the first: what search lists make of a name comes later where it has a dot. One by error code before a denial.
 */
export function mostTelling(asked: readonly Asked[]): Answered | undefined {
  const refusals = asked.filter(isAnswered).filter(({ reply }) => reply.addresses.length === 0);
  const mine = refusals.filter(({ server }) => server === refusals.at(-1)?.server);
  return mine.find(isErrorCode) ?? mine[0];
}

/** Addresses for this name from somebody, of any family. */
export const knows = <T extends Asked>(all: readonly T[], name: string): (T & Answered) | undefined =>
  all.filter((one) => isAnswered(one)).find((one) => one.name === name && one.reply.addresses.length > 0);

/** NXDOMAIN for one family of a name that has an address of the other. */
export function halfDenied(
  story: LookUp,
  outcome: Outcome,
): { denied: Answered; known: Answered } | undefined {
  for (const denied of heard(story, outcome).filter(isAnswered)) {
    if (denied.reply.rcode !== NXDOMAIN) continue;
    const known = story.asked
      .filter(isAnswered)
      .find(
        (one) => one.server === denied.server && one.name === denied.name && one.reply.addresses.length > 0,
      );
    if (known) return { denied, known };
  }
  return undefined;
}

/** A family of the name that every server answers with an error code, while one of them has an address of the other. */
export function halfRefused(
  story: LookUp,
  outcome: Outcome,
): { denied: Answered; known: Answered } | undefined {
  const all = heard(story, outcome).filter(({ transport }) => transport === 'udp');
  for (const known of all.filter(isAnswered).filter(({ reply }) => reply.addresses.length > 0)) {
    const other = all.filter(({ name, type }) => name === known.name && type !== known.type);
    const [denied] = other.filter(isAnswered);
    if (denied && other.every((one) => isAnswered(one) && isErrorCode(one))) return { denied, known };
  }
  return undefined;
}

/** A name of the search list at which one library ended its search, while another went on and found addresses. */
export interface SearchEnded {
  /** The search domain. */
  readonly domain: string;
  /** What the server said of the name in it. */
  readonly at: Answered;
  readonly goesOn: Outcome;
}

/** musl ends its search at any answer but NXDOMAIN: lookup_name.c, name_from_dns_search. glibc goes on: res_query.c. */
export function searchEnded(story: LookUp, outcome: Outcome): SearchEnded | undefined {
  const typed = story.name.replace(/\.$/, '');
  const last = outcome.questions.at(-1)?.name;
  const goesOn = story.outcomes.find(({ error }) => error === null);
  if (outcome.error === null || !goesOn || !last?.startsWith(`${typed}.`)) return undefined;
  const at = heard(story, outcome).find((one) => isAnswered(one) && one.name === last);
  return at && isAnswered(at) ? { domain: last.slice(typed.length + 1), at, goesOn } : undefined;
}

/** A server that denies a name which another of the list, or the same one when the host asks, has. */
export function contradicted(
  story: LookUp,
): { denied: Answered; known: Answered | (Elsewhere & Answered) } | undefined {
  const answers = story.asked.filter((one) => isAnswered(one));
  for (const denied of answers.filter(isEmpty)) {
    const control = knows(story.control ? [story.control] : [], denied.name);
    if (control?.server === denied.server) return { denied, known: control };
    const isOf = ({ server }: Asked): boolean => server === denied.server;
    if (!answers.filter((one) => isOf(one) && one.name === denied.name).every(isEmpty)) continue;
    const others = answers.filter((one) => !isOf(one));
    const known = knows(others, denied.name) ?? knows(story.elsewhere ?? [], denied.name);
    if (known) return { denied, known };
  }
  return undefined;
}

export interface PassedOver {
  readonly denied: Answered;
  /** Who said so in its place, and who has not been asked. */
  readonly by: Elsewhere & { readonly led: Led };
  /** What the one that was meant tells the host, where the rule does not lead its questions away. */
  readonly known: Answered | undefined;
}

/** A server that a rule of this host put in place of the one that was asked, and that denies the name. */
export const ledAway = ({ elsewhere = [] }: Pick<LookUp, 'elsewhere'>): PassedOver['by'] | undefined =>
  elsewhere.find((one): one is PassedOver['by'] => one.led !== undefined && isEmpty(one));

/** The same where the one that was asked is there, and heard nothing of it. */
export function passedOver(story: LookUp): PassedOver | undefined {
  const by = ledAway(story);
  const denied = story.asked.filter(isEmpty).find(({ server }) => server === by?.led.from);
  if (!by || !denied) return undefined;
  const isOf = (one: Asked): boolean => one.server === denied.server && one.name === denied.name;
  const known = knows(story.control && isOf(story.control) ? [story.control] : [], denied.name);
  return by.led.passedOver !== null || known ? { denied, by, known } : undefined;
}

/** Every library is told, by servers that answer, that there is no such name or no address; nobody says otherwise. */
export const isDenied = (story: LookUp): boolean =>
  story.outcomes.every(({ error }) => error === 'no-such-name' || error === 'no-address') &&
  story.asked.some(({ reply }) => reply.kind === 'answer') &&
  story.servers.every((server) => !refusal(story, server) && !cutAnswer(story, server)) &&
  !story.outcomes.some((outcome) => halfDenied(story, outcome)) &&
  !passedOver(story) &&
  !contradicted(story);
