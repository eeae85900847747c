import { expect, it } from 'vitest';
import { Asker } from '../../../src/discover/name/ask.ts';
import type { Machine, SocketEvent } from '../../../src/host/machine.ts';
import { known } from '../../../src/model/answer.ts';
import type { NameQuestion } from '../../../src/model/look-up.ts';

const question: NameQuestion = {
  server: '192.0.2.53',
  name: 'web.example',
  type: 'A',
  transport: 'udp',
};

/** A server of which the test says when it answers, and a clock that it winds. */
function lab() {
  const got: Buffer[] = [];
  const timers: (() => void)[] = [];
  const send = (bytes: Uint8Array): null => {
    got.push(Buffer.from(bytes));
    return null;
  };
  let hear: (event: SocketEvent) => void = () => {};
  let now = 1_000_000n;
  const machine = {
    now: () => now,
    random: () => 0x1234,
    after(_: number, tell: () => void) {
      timers.push(tell);
      return () => {};
    },
    open(_: unknown, onEvent: (event: SocketEvent) => void) {
      hear = onEvent;
      return known({ send, close() {} }, []);
    },
  } as unknown as Machine;
  const reply = new Asker(machine, {
    netns: null,
    patience: 400,
    interfaceNumber: () => undefined,
  }).ask(question);
  return {
    got,
    reply,
    /** Half of the time goes by. */
    wait: () => timers[0]?.(),
    /** The kernel says why not, so many milliseconds later. */
    refuse(errno: string, later: number) {
      now += BigInt(later) * 1_000_000n;
      hear({ type: 'error', errno, says: null, from: null } as unknown as SocketEvent);
    },
    /** The question itself, sent back as an answer without records. */
    answer(index: number) {
      const bytes = Buffer.from(got[index]!);
      bytes.writeUInt16BE(0x8180, 2);
      hear({ type: 'data', bytes, from: question.server, at: 2_000_000n });
    },
  };
}

it('an answer to what was put again is told as such', async () => {
  const { got, reply, wait, answer } = lab();
  wait();
  expect(got).toHaveLength(2);
  answer(1);
  expect(await reply).toMatchObject({ kind: 'answer', again: true });
});

it('one that comes late is an answer to what was put first', async () => {
  const { reply, wait, answer } = lab();
  wait();
  answer(0);
  expect(await reply).toMatchObject({ kind: 'answer', milliseconds: 1 });
  expect(await reply).not.toHaveProperty('again');
});

it.each([
  ['EHOSTUNREACH', 5, { kind: 'error', errno: 'EHOSTUNREACH' }],
  ['EHOSTUNREACH', 300, { kind: 'silence' }],
  ['ECONNREFUSED', 300, { kind: 'error', errno: 'ECONNREFUSED' }],
])('%s after %i ms', async (errno, later, expected) => {
  const { reply, refuse } = lab();
  refuse(errno, later);
  expect(await reply).toEqual(expected);
});
