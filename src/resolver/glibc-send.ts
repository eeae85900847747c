/** How glibc puts a name to its servers. Source: glibc 2.36, resolv/res_send.c. */
import type { NameQuestion, RecordType, Reply, Transport } from '../model/look-up.ts';
import { type Answer, type Ask, REFUSED, SERVFAIL } from './ask.ts';
import type { Configuration } from './configuration.ts';

const FORMERR = 1;
const NOTIMP = 4;

/** A server was passed over, or says that the answer is longer than a datagram. */
type Sent = readonly Answer[] | 'next' | 'truncated';

/** One look-up's exchange with its servers: what it learns of them in one query holds for the next. */
export class Exchange {
  readonly questions: NameQuestion[] = [];
  /** Seconds. */
  waited = 0;
  /** RCODE of the last server that answered in the last query. */
  lastRcode = 0;
  /** The last query reached no server: ECONNREFUSED. */
  unreachable = false;
  readonly #configuration: Configuration;
  readonly #types: readonly RecordType[];
  readonly #ask: Ask;
  #offset: number;
  /** Both questions of a name at once, unless told or taught otherwise. */
  #single: boolean;
  #reopen: boolean;
  /** Some server of the query was heard, or waited for. */
  #somewhere = false;

  constructor(configuration: Configuration, types: readonly RecordType[], ask: Ask, start: number) {
    this.#configuration = configuration;
    this.#types = types;
    this.#ask = ask;
    this.#offset = start;
    this.#reopen = configuration.singleRequestReopen;
    this.#single = configuration.singleRequest || this.#reopen;
  }

  /** The answers to all types, in the order in which they came; undefined where no server gave any. */
  async send(name: string): Promise<readonly Answer[] | undefined> {
    const { servers, attempts, rotate, overTcp } = this.#configuration;
    const offset = rotate ? this.#offset++ : 0;
    let circuit = overTcp;
    this.#somewhere = false;
    this.lastRcode = 0;
    this.unreachable = false;
    for (let attempt = 0; attempt < Math.max(1, attempts); attempt++) {
      for (let turn = 0; turn < servers.length; turn++) {
        const index = (turn + offset) % servers.length;
        let sent: Sent = circuit ? 'truncated' : await this.#datagrams(name, index);
        if (sent === 'truncated') {
          // From here on by TCP, and each server only once.
          circuit = true;
          attempt = attempts;
          sent = await this.#stream(name, index);
        }
        if (sent !== 'next') return sent as readonly Answer[];
      }
    }
    this.unreachable = !circuit && !this.#somewhere;
    return undefined;
  }

  #question(name: string, index: number, type: RecordType, transport: Transport): NameQuestion {
    const { servers, edns, trustAd } = this.#configuration;
    const question: NameQuestion = {
      server: servers[index]!,
      name,
      type,
      transport,
      ...(edns ? { edns } : {}),
      ...(trustAd ? { trustAd } : {}),
    };
    this.questions.push(question);
    return question;
  }

  /** How long a server is waited for: `timeout` doubled for each before it, shared by all. Seconds. */
  #patience(index: number): number {
    const { timeout, servers } = this.#configuration;
    const seconds = timeout * 2 ** index;
    return Math.max(1, index > 0 ? Math.floor(seconds / servers.length) : seconds);
  }

  async #datagrams(name: string, index: number): Promise<Sent> {
    const seconds = this.#patience(index);
    for (;;) {
      const replies = await this.#exchange(name, index);
      const sent = this.#judge(replies);
      if (sent !== 'wait') return sent;
      this.waited += seconds;
      this.#somewhere = true;
      const good = replies.find((one) => one.kind === 'answer' && !isBad(one));
      if (!good) return 'next';
      // One of two was answered: perhaps the server, or something before it, takes but one at a time.
      if (!this.#single) this.#single = true;
      else if (!this.#reopen) this.#reopen = true;
      else return [good as Answer];
    }
  }

  async #exchange(name: string, index: number): Promise<Reply[]> {
    if (!this.#single)
      return inTime(
        await Promise.all(
          this.#types
            .map((type) => this.#question(name, index, type, 'udp'))
            .map((question) => this.#ask(question)),
        ),
      );
    const replies: Reply[] = [];
    for (const type of this.#types) {
      const reply = await this.#ask(this.#question(name, index, type, 'udp'));
      replies.push(reply);
      // The second question is put only after a good answer to the first.
      if (reply.kind !== 'answer' || reply.truncated || isBad(reply)) break;
    }
    return replies;
  }

  #judge(replies: readonly Reply[]): Sent | 'wait' {
    const { edns } = this.#configuration;
    if (replies.some(({ kind }) => kind === 'error')) return 'next';
    const answers = replies.filter((one): one is Answer => one.kind === 'answer');
    const [first] = answers;
    if (first) {
      this.lastRcode = first.rcode;
      this.#somewhere = true;
    }
    if (edns && first?.rcode === FORMERR) return 'next';
    const good: Answer[] = [];
    for (const answer of answers) {
      if (isBad(answer)) continue;
      if (answer.truncated) return 'truncated';
      good.push(answer);
    }
    if (answers.length < replies.length) return 'wait';
    return good.length > 0 ? good : 'next';
  }

  async #stream(name: string, index: number): Promise<Sent> {
    const replies = await Promise.all(
      this.#types
        .map((type) => this.#question(name, index, type, 'tcp'))
        .map((question) => this.#ask(question)),
    );
    const answers = replies.filter((one): one is Answer => one.kind === 'answer');
    if (answers[0]) this.lastRcode = answers[0].rcode;
    if (answers.length === replies.length) return inTime(answers) as readonly Answer[];
    // connect(2) and read(2) wait as long as the kernel does.
    if (replies.some(({ kind }) => kind === 'silence')) this.waited += KERNEL_PATIENCE;
    return 'next';
  }
}

/** Six SYNs, each waited for twice as long as the one before: tcp(7) tcp_syn_retries. Seconds. */
const KERNEL_PATIENCE = 127;

const isBad = (answer: Reply): boolean =>
  answer.kind === 'answer' &&
  (answer.rcode === SERVFAIL || answer.rcode === NOTIMP || answer.rcode === REFUSED || answer.lame);

/** In the order in which they came. */
function inTime<T extends Reply>(replies: readonly T[]): T[] {
  const at = (reply: Reply): number =>
    reply.kind === 'answer' ? reply.milliseconds : Number.POSITIVE_INFINITY;
  return replies.toSorted((a, b) => at(a) - at(b) || 0);
}
