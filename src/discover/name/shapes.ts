/**
 * Before a server is called silent: what its library asked in vain, put once more in other shapes. Servers, and what stands
 * on the way to them, drop questions with an OPT record, datagrams of any kind, or answers that are too long for them.
 */
import type { Machine } from '../../host/machine.ts';
import type { Asked, NameQuestion } from '../../model/look-up.ts';
import { Asker, type AskerOptions } from './ask.ts';

/** A label that nobody has: the answer to it is short. */
const NOBODY = 'netdoctor-no-such-name';
/** How long each is waited for: what is asked again is known to the server by now, if it knows it at all. Milliseconds. */
const PATIENCE = 400;

/** The same question as it could be put otherwise; none that would be the same again. */
export function shapesOf(question: NameQuestion): NameQuestion[] {
  const { server, name, type, transport, edns, trustAd } = question;
  const bare: NameQuestion = { server, name, type, transport: 'udp' };
  const small = name.toLowerCase();
  return [
    ...(edns || trustAd || transport === 'tcp' ? [bare] : []),
    ...(edns && trustAd ? [{ ...bare, edns }] : []),
    ...(edns ? [{ ...question, name: `${NOBODY}.${name}` }] : []),
    ...(small === name ? [] : [{ ...question, name: small }]),
    ...(transport === 'tcp' ? [] : [{ ...question, transport: 'tcp' as const }]),
  ];
}

/** Empty where every server said something to whatever it was asked. */
export async function inOtherShapes(
  machine: Machine,
  options: AskerOptions,
  asked: readonly Asked[],
): Promise<Asked[]> {
  const company = await inCompany(machine, options, asked);
  const unheard = asked.filter(({ reply }) => reply.kind !== 'answer');
  // One of each server tells: both families, and every name of the search list, are put alike.
  const first = unheard.filter(
    ({ server }, index) => unheard.findIndex((one) => one.server === server) === index,
  );
  if (first.length === 0) return company;
  const asker = new Asker(machine, { ...options, patience: Math.min(PATIENCE, options.patience) });
  try {
    const bare = first.map(({ reply: _, ...question }) => question);
    // One of two that went together: by itself, and from a port of its own.
    const halves = first.filter((half) => asked.some((one) => isOtherHalf(one, half)));
    await Promise.all(halves.map(({ reply: _, ...question }) => asker.ask(question)));
    await Promise.all(bare.flatMap(shapesOf).map(asker.ask));
    return [...company, ...asker.asked()];
  } finally {
    asker.close();
  }
}

/**
 * One of two that went together was heard at once, and the other when it was put again: by chance, since its answer took long,
 * or because whoever answers takes but one. By now both are known there: they are put together once more, and then apart.
 */
async function inCompany(machine: Machine, options: AskerOptions, asked: readonly Asked[]): Promise<Asked[]> {
  const late = asked.find(isLate);
  const other = late && asked.find((one) => isOtherHalf(one, late) && !isLate(one));
  if (!late || !other) return [];
  // As patiently as the first time: on a busy machine an answer that is merely late would look like one that is lost.
  const both = new Asker(machine, options);
  const alone = new Asker(machine, options);
  try {
    const { reply: _, ...question } = late;
    const [, again] = await Promise.all([both.ask({ ...question, type: other.type }), both.ask(question)]);
    if (again.kind === 'answer' && !again.again) return [];
    await alone.ask(question);
    return [...both.asked(), ...alone.asked()];
  } finally {
    both.close();
    alone.close();
  }
}

const isLate = ({ reply }: Asked): boolean => reply.kind === 'answer' && reply.again === true;

const isOtherHalf = (one: Asked, half: Asked): boolean =>
  one.reply.kind === 'answer' &&
  one.transport === half.transport &&
  one.server === half.server &&
  one.name === half.name &&
  one.edns === half.edns &&
  one.type !== half.type;
