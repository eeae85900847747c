/** Questions to name servers, and what came of them: RFC 1035 4.1.1. Over UDP; glibc and musl ask by TCP what was cut only. */
import { isAnswer, questionIn, RCODES, readAnswer } from '../../wire/dns-message.ts';
import type { Talk } from './talks.ts';
import { answer } from './tcp.ts';
import type { Reach, Trouble } from './trouble.ts';

export const DNS_PORT = 53;
/** No such name: with a search list an ordinary answer. */
const NXDOMAIN = 3;
/** Questions that may be open at once. */
const MOST = 5000;

interface Open {
  readonly at: bigint;
  readonly talk: Talk;
  readonly name: string;
  reach: Reach;
}

export class Questions {
  /** By the conversation, and the message's own number. */
  readonly #open = new Map<Talk, Map<number, Open>>();
  #count = 0;

  /** What the message shows. */
  hear(
    talk: Talk,
    message: Uint8Array,
    at: bigint,
    reach: Reach,
  ): Pick<Trouble, 'kind' | 'reach' | 'says'> | null {
    const question = questionIn(message);
    if (!question) return null;
    if (!isAnswer(message)) {
      this.#ask(talk, question.id, { at, talk, name: question.name, reach });
      return null;
    }
    answer(talk, reach);
    if (!reach.through) return null;
    this.settle(talk, question.id);
    const rcode = readAnswer(message)?.rcode ?? 0;
    if (rcode === 0 || rcode === NXDOMAIN) return null;
    return {
      kind: 'dns-error',
      reach,
      says: `${RCODES[rcode] ?? `rcode ${rcode}`} for ${question.name}`,
    };
  }

  /** Somebody has said that no answer comes. */
  settle(talk: Talk, id?: number): void {
    const here = this.#open.get(talk);
    if (!here) return;
    this.#count -= id === undefined ? here.size : here.has(id) ? 1 : 0;
    if (id === undefined) here.clear();
    else here.delete(id);
    if (here.size === 0) this.#open.delete(talk);
  }

  /** Those that were put before then: each is told once. */
  *unanswered(before: bigint): Generator<Open> {
    for (const [talk, here] of this.#open)
      for (const [id, open] of here) {
        if (open.at > before) continue;
        this.settle(talk, id);
        yield open;
      }
  }

  #ask(talk: Talk, id: number, open: Open): void {
    const here = this.#open.get(talk) ?? new Map<number, Open>();
    if (this.#count >= MOST) return;
    // Put again, it is the same question.
    const before = here.get(id);
    if (before) before.reach = open.reach;
    else {
      here.set(id, open);
      this.#count++;
    }
    this.#open.set(talk, here);
  }
}
