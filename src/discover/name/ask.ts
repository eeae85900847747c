/** Puts questions to name servers from a namespace: over one socket for each server, unless told otherwise, as a C library does. */
import type { Machine, ProbeSocket, SocketEvent } from '../../host/machine.ts';
import { familyOf } from '../../model/ends.ts';
import type { Asked, NameQuestion, Reply } from '../../model/look-up.ts';
import type { Netns } from '../../model/netns.ts';
import type { Ask } from '../../resolver/ask.ts';
import { encodeLookUp, framed, isAskable, readAnswer, unframed } from '../../wire/dns-message.ts';

const PORT = 53;
const TYPES = { A: 1, AAAA: 28 } as const;
/** The bit by which the number of a question that is put again differs. */
const SECOND = 0x8000;
const SILENCE: Reply = { kind: 'silence' };
/** A route or a rule refuses within that. Nanoseconds. */
const AT_ONCE = 100_000_000n;

export interface AskerOptions {
  readonly netns: Netns | null;
  readonly port?: number;
  /** How long one question is waited for; it is put again after half of it. Milliseconds. */
  readonly patience: number;
  readonly signal?: AbortSignal | undefined;
  /** Each question from a port of its own, as glibc does under `options single-request-reopen`: resolv.conf(5). */
  readonly apart?: boolean;
  /** Number of an interface of that namespace, for addresses that name theirs. */
  interfaceNumber(name: string): number | undefined;
}

interface Waiting {
  readonly began: bigint;
  readonly settle: (reply: Reply) => void;
}

/** Asks each question once, whoever wants to know: silence is not waited for twice. */
export class Asker {
  readonly #machine: Machine;
  readonly #options: AskerOptions;
  readonly #replies = new Map<string, Promise<Reply>>();
  readonly #lines = new Map<string, { socket: ProbeSocket; waiting: Map<number, Waiting> } | string>();
  readonly #asked: { question: NameQuestion; reply?: Reply }[] = [];

  constructor(machine: Machine, options: AskerOptions) {
    this.#machine = machine;
    this.#options = options;
  }

  readonly ask: Ask = (question) => {
    const { server, name, type, transport, edns, trustAd } = question;
    const key = [server, name.toLowerCase(), type, transport, edns, trustAd].join(' ');
    const known = this.#replies.get(key);
    if (known) return known;
    const entry: { question: NameQuestion; reply?: Reply } = { question };
    this.#asked.push(entry);
    const reply = this.#put(question).then((said) => {
      entry.reply = said;
      return said;
    });
    this.#replies.set(key, reply);
    return reply;
  };

  /** Asks once more what has been asked before. */
  askAgain(question: NameQuestion): Promise<Reply> {
    return this.#put(question);
  }

  /** What has been asked and answered by now. */
  asked(): Asked[] {
    return this.#asked.flatMap(({ question, reply }) => (reply ? [{ ...question, reply }] : []));
  }

  close(): void {
    for (const line of this.#lines.values()) if (typeof line !== 'string') line.socket.close();
    this.#lines.clear();
  }

  #put(question: NameQuestion): Promise<Reply> {
    if (this.#options.signal?.aborted) return Promise.resolve(SILENCE);
    if (!isAskable(question.name)) return Promise.resolve({ kind: 'error', errno: 'EMSGSIZE' });
    return question.transport === 'tcp' ? this.#overTcp(question) : this.#overUdp(question);
  }

  /** The address as a socket takes it; undefined for a zone that this namespace does not have. */
  #destination(server: string): string | undefined {
    const [address = '', zone] = server.split('%');
    if (zone === undefined) return address;
    const number = /^\d+$/.test(zone) ? Number(zone) : this.#options.interfaceNumber(zone);
    return number === undefined ? undefined : `${address}%${number}`;
  }

  #open(question: NameQuestion, onEvent: (event: SocketEvent) => void): ProbeSocket | string {
    const destination = this.#destination(question.server);
    // Without the interface a link-local address leads nowhere: connect(2) says EINVAL.
    if (destination === undefined) return 'EINVAL';
    const opened = this.#machine.open(
      {
        kind: question.transport,
        family: familyOf(question.server.replace(/%.*/, '')),
        netns: this.#options.netns,
        destination,
        port: this.#options.port ?? PORT,
      },
      onEvent,
    );
    return opened.known ? opened.value : (/[A-Z]{3,}$/.exec(opened.detail)?.[0] ?? 'EIO');
  }

  #overUdp(question: NameQuestion): Promise<Reply> {
    const { name, type } = question;
    const line = this.#lines.get(this.#lineOf(question)) ?? this.#line(question);
    if (typeof line === 'string') return Promise.resolve({ kind: 'error', errno: line });
    return new Promise((resolve) => {
      const id = this.#machine.random(0, 0x10000);
      // Put again it has another number: an answer that comes late is one to what was put first.
      const second = id ^ SECOND;
      const message = (number: number) => encodeLookUp(number, name, TYPES[type], question);
      const settle = (reply: Reply): void => {
        for (const cancel of cancels) cancel();
        this.#options.signal?.removeEventListener('abort', giveUp);
        for (const number of [id, second]) line.waiting.delete(number);
        resolve(reply);
      };
      const settleAgain = (reply: Reply): void =>
        settle(reply.kind === 'answer' ? { ...reply, again: true } : reply);
      const began = this.#machine.now();
      const { patience, signal } = this.#options;
      const giveUp = (): void => settle(SILENCE);
      signal?.addEventListener('abort', giveUp);
      const cancels = [
        this.#machine.after(patience / 2, () => {
          line.waiting.set(second, { began, settle: settleAgain });
          line.socket.send(message(second));
        }),
        this.#machine.after(patience, giveUp),
      ];
      line.waiting.set(id, { began, settle });
      const errno = line.socket.send(message(id));
      // What the kernel says then is about an earlier question of this socket as well: ip(7).
      if (errno) this.#refused(line.waiting, errno);
    });
  }

  /**
   * A search for a neighbour that somebody's earlier packet began ends sooner for what joins it: the next question begins one
   * of its own, and waits three seconds for it. neigh_timer_handler(), net/core/neighbour.c
   */
  #refused(waiting: ReadonlyMap<number, Waiting>, errno: string): void {
    const now = this.#machine.now();
    for (const { began, settle } of [...waiting.values()])
      settle(errno === 'EHOSTUNREACH' && now - began > AT_ONCE ? SILENCE : { kind: 'error', errno });
  }

  #lineOf({ server, name, type }: NameQuestion): string {
    return this.#options.apart ? [server, name, type].join(' ') : server;
  }

  #line(question: NameQuestion): { socket: ProbeSocket; waiting: Map<number, Waiting> } | string {
    const waiting = new Map<number, Waiting>();
    const socket = this.#open(question, (event) => {
      if (event.type === 'error') {
        this.#refused(waiting, event.errno);
        return;
      }
      const answer = event.type === 'data' ? readAnswer(event.bytes) : undefined;
      const asker = answer && waiting.get(answer.id);
      if (event.type === 'data' && asker) asker.settle(replyOf(answer, event.at - asker.began));
    });
    const line = typeof socket === 'string' ? socket : { socket, waiting };
    this.#lines.set(this.#lineOf(question), line);
    return line;
  }

  #overTcp(question: NameQuestion): Promise<Reply> {
    return new Promise((resolve) => {
      const id = this.#machine.random(0, 0x10000);
      const began = this.#machine.now();
      let got = Buffer.alloc(0);
      const finish = (reply: Reply): void => {
        cancel();
        this.#options.signal?.removeEventListener('abort', giveUp);
        if (typeof socket !== 'string') socket.close();
        resolve(reply);
      };
      const refused = (errno: string | null): void => {
        if (errno !== null) finish({ kind: 'error', errno });
      };
      const giveUp = (): void => finish(SILENCE);
      this.#options.signal?.addEventListener('abort', giveUp);
      const cancel = this.#machine.after(this.#options.patience, giveUp);
      const socket = this.#open(question, (event) => {
        if (event.type === 'error') return refused(event.errno);
        // Hung up without an answer.
        if (event.type === 'ended') return refused('ECONNRESET');
        if (typeof socket === 'string') return;
        if (event.type === 'connected')
          return refused(
            socket.write(framed(encodeLookUp(id, question.name, TYPES[question.type], question))),
          );
        if (event.type !== 'data') return;
        got = Buffer.concat([got, event.bytes]);
        const message = unframed(got);
        const answer = message && readAnswer(message);
        if (answer?.id === id) finish(replyOf(answer, event.at - began));
      });
      refused(typeof socket === 'string' ? socket : socket.send());
    });
  }
}

const replyOf = (answer: NonNullable<ReturnType<typeof readAnswer>>, took: bigint): Reply => ({
  kind: 'answer',
  rcode: answer.rcode,
  truncated: answer.truncated,
  lame: answer.lame,
  records: answer.records,
  ...(answer.alias === undefined ? {} : { alias: answer.alias }),
  addresses: answer.addresses,
  milliseconds: Math.round(Number(took) / 1e4) / 100,
});
