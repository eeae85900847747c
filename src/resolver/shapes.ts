/** What the same question comes to in one shape and not in another: by its OPT record, its transport, its size, its company. */
import type { Asked, LookUp, NameQuestion } from '../model/look-up.ts';
import { type Answered, heard, isAnswered, isErrorCode } from './story.ts';

/** An answer that a library takes, be it that there is no such name. */
const isTaken = (one: Asked): one is Answered => isAnswered(one) && !one.reply.lame && !isErrorCode(one);

const isTo =
  (server: string, { transport, edns }: Partial<NameQuestion>) =>
  (one: Asked): boolean =>
    one.server === server && one.transport === transport && one.edns === edns;

/** Everything that was put to this server, and in which shape. */
const put = ({ asked, shapes = [] }: LookUp): readonly Asked[] => [...asked, ...shapes];

/** What the libraries in question asked this server, and got nothing for that they take. */
const inVain = (story: LookUp, server: string): Asked[] =>
  story.outcomes
    .flatMap((outcome) => heard(story, outcome))
    .filter((one) => one.server === server && !isTaken(one));

/** One shape is not answered, and this one is. */
export interface Parted {
  readonly unheard: Asked;
  readonly answered: Answered;
}

const SHORT = /^netdoctor-no-such-name\./;

/** Only without an OPT record is the server heard. `long`: with one it answers what has a short answer. */
export function byEdns(story: LookUp, server: string): (Parted & { readonly long: boolean }) | undefined {
  const unheard = inVain(story, server).find(({ edns, transport }) => edns && transport === 'udp');
  if (!unheard) return undefined;
  const same = ({ name, type }: Asked): boolean => name === unheard.name && type === unheard.type;
  const answered = put(story)
    .filter(isTo(server, { transport: 'udp' }))
    .filter(isTaken)
    .find(same);
  const withOpt = put(story)
    .filter(isTo(server, { transport: 'udp', edns: true }))
    .filter(isTaken);
  if (!answered || withOpt.some(same)) return undefined;
  return { unheard, answered, long: withOpt.some(({ name }) => SHORT.test(name)) };
}

/** Does a library that puts no OPT record into its questions get its answers from this server? */
export const takesPlainAlone = (story: LookUp, server: string): boolean =>
  put(story)
    .filter(isTo(server, { transport: 'udp' }))
    .some(({ reply }) => reply.kind === 'answer');

/** Do the libraries in question put no OPT record into what they ask this server, and get all of it answered? */
export function asksPlainly(story: LookUp, server: string): boolean {
  const own = story.outcomes
    .flatMap((outcome) => heard(story, outcome))
    .filter((one) => one.server === server && one.transport === 'udp');
  return own.length > 0 && own.every(({ edns, reply }) => !edns && reply.kind === 'answer');
}

/** No datagram is answered, in whatever shape, and the same question is by TCP. */
export function byStream(story: LookUp, server: string): Parted | undefined {
  const all = put(story);
  const datagrams = all.filter((one) => one.server === server && one.transport === 'udp');
  const [unheard] = inVain(story, server).filter(({ transport }) => transport === 'udp');
  const answered = all.filter(isTaken).find((one) => one.server === server && one.transport === 'tcp');
  const isDeaf = datagrams.every(({ reply }) => reply.kind !== 'answer');
  return unheard && answered && isDeaf ? { unheard, answered } : undefined;
}

/** Of both families of a name one is answered. `alone`: put by itself from a port of its own, the other is, too. */
export function byCompany(story: LookUp, server: string): (Parted & { readonly alone: boolean }) | undefined {
  for (const outcome of story.outcomes) {
    const all = heard(story, outcome).filter((one) => one.server === server && one.transport === 'udp');
    for (const unheard of all.filter(isUnheard)) {
      const answered = all
        .filter(isTaken)
        .find(({ name, type, reply }) => name === unheard.name && type !== unheard.type && !reply.again);
      const same = (story.shapes ?? []).filter(
        (one) => one.name === unheard.name && one.type === unheard.type && isTo(server, unheard)(one),
      );
      const alone = same.some((one) => isTaken(one) && !one.reply.again);
      // What came when it was put again is lost for sure where it was lost once more.
      const isLost = unheard.reply.kind === 'silence' || (alone && same.some(isUnheard));
      if (answered && isLost) return { unheard, answered, alone };
    }
  }
  return undefined;
}

const isUnheard = ({ reply }: Asked): boolean =>
  reply.kind === 'silence' || (reply.kind === 'answer' && reply.again === true);
