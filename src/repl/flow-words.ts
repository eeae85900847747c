/** Words that name a flow: `to HOST[:PORT]`, a protocol, and perhaps whom. */
import type { Proto } from '../model/flow.ts';
import { type Desk, type Outcome, type Slot, wrong } from './command.ts';
import type { Word } from './parse.ts';
import type { Wish } from './wish.ts';

const PROTOS: readonly string[] = ['icmp', 'tcp', 'udp', 'dns'];

/** What may come next, after these words. */
export function flowSlots(done: readonly string[]): Slot[] {
  if (done.at(-1) === 'to') return ['destination'];
  const words = [...(done.includes('to') ? [] : ['to']), ...PROTOS];
  return done.length === 0 ? [{ words }, 'target'] : [{ words }];
}

/** The wish that they come to, with what is wrong about them in its place. */
export function flowOf(
  words: readonly Word[],
  { target, asked }: Pick<Desk, 'target' | 'asked'>,
): Wish | Extract<Outcome, { type: 'wrong' }> {
  const name = words[0]!.text;
  let named: string | undefined;
  let to: string | undefined;
  let proto: Proto | undefined;
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index]!.text;
    if (word === 'to') {
      index += 1;
      to = words[index]?.text;
      if (to === undefined)
        return wrong(index - 1, 'A destination is missing after "to".', `Type: ${name} to 1.1.1.1`);
    } else if (PROTOS.includes(word)) proto = word as Proto;
    else if (named === undefined && to === undefined) named = word;
    else
      return wrong(
        index,
        `I do not know what "${word}" means here.`,
        `Type: ${name} [target] [to HOST[:PORT]] [tcp]`,
      );
  }
  const chosen = named ?? target;
  if (chosen === null) return wrong(-1, 'No container is chosen yet.', `Type: ${name} NAME, or: containers`);
  // Without a destination the question before is asked again; a new one starts afresh.
  if (to !== undefined) return { target: chosen, to, proto };
  const again = asked && !asked.usual ? { to: asked.to, from: asked.from, proto: asked.proto } : {};
  return { ...again, target: chosen, ...(proto ? { proto } : {}) };
}
