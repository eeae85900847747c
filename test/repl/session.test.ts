import { afterEach, expect, test, vi } from 'vitest';
import { row, textOf } from '../../src/output/line/span.ts';
import { type Hands, openSession, type Session } from '../../src/repl/session.ts';
import { firstState, type State } from '../../src/repl/state.ts';
import type { Surroundings } from '../../src/repl/surroundings.ts';
import { quiet } from './desk.ts';
import { story } from './fixture/forwarding-off.ts';

const hands: Hands = { copy() {}, suspend() {}, clearScreen() {}, keepHistory() {} };
const never = (): Promise<never> => new Promise(() => {});

const open = (around: Partial<Surroundings> = {}, change: Partial<State> = {}): Session => {
  const session = openSession(
    { ...firstState({ columns: 80, rows: 24 }), target: 'web', ...change },
    { ...quiet, ...around },
    hands,
  );
  session.lookAround();
  return session;
};

const printed = ({ state }: Session): string[] => state.printed.flatMap(({ lines }) => lines.map(textOf));

/** Enters a line as keys do. */
function enter(session: Session, line: string): void {
  session.send({ type: 'line', line });
}

afterEach(() => {
  vi.useRealTimers();
});

test('a diagnosis is asked, followed, and told', async () => {
  const session = open({
    async *diagnose() {
      yield* story;
    },
  });
  session.send({ type: 'ask', wish: { target: 'web' } });
  await vi.waitFor(() => expect(session.state.last?.diagnosis?.cause).toBe('ip-forward-off'));
  expect(session.state.run).toBeNull();
  expect(printed(session)).toContain('sysctl -w net.ipv4.ip_forward=1');
});

test('an engine that breaks is said to be a bug, and the conversation goes on', async () => {
  const session = open({
    // biome-ignore lint/correctness/useYield: it fails before it can tell anything
    async *diagnose() {
      throw new Error('no such luck');
    },
  });
  session.send({ type: 'ask', wish: { target: 'web' } });
  await vi.waitFor(() => expect(printed(session).join(' ')).toContain('netdoctor failed: no such luck'));
  enter(session, 'help hop');
  await vi.waitFor(() => expect(printed(session).join(' ')).toContain('hop NUMBER|NAME'));
});

test('what does not answer in time is let go, and said so', async () => {
  vi.useFakeTimers();
  const session = open({ map: never });
  enter(session, 'map');
  await vi.advanceTimersByTimeAsync(29_000);
  expect(session.state.busy).toBe('map');
  await vi.advanceTimersByTimeAsync(1500);
  expect(session.state.busy).toBeNull();
  expect(printed(session).join(' ')).toContain(
    'No answer from the interfaces of every namespace within 30 s.',
  );
});

test('Ctrl-C lets a slow command go, and its late answer is not told', async () => {
  let finish: (found: Awaited<ReturnType<Surroundings['veths']>>) => void = () => {};
  const session = open({
    veths: () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  });
  enter(session, 'veth');
  session.send({ type: 'key', key: { type: 'key', name: 'ctrl-c' } });
  expect(session.state.busy).toBeNull();
  finish({ pairs: [], silent: [] });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(printed(session).join(' ')).not.toContain('No veth pair');
});

test('a capture tells its lines as they come, and its last ones after Ctrl-C', async () => {
  const asked: unknown[] = [];
  const session = open({
    capture: async (wish, _, onLines, signal) => {
      asked.push(wish);
      onLines(['listening on eth0@web', '12:00:00 Out eth0@web IP …']);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return ['1 packet, seen once'];
    },
  });
  enter(session, 'capture --save a.pcapng tcp port 80');
  await vi.waitFor(() => expect(printed(session).join(' ')).toContain('Out eth0@web IP'));
  expect(asked).toEqual([{ target: 'web', filter: 'tcp port 80', file: 'a.pcapng' }]);
  expect(session.state.busy).toBe('capture');
  session.send({ type: 'key', key: { type: 'key', name: 'ctrl-c' } });
  await vi.waitFor(() => expect(session.state.busy).toBeNull());
  expect(printed(session).at(-1)).toContain('1 packet, seen once');
});

test('a watch asks what was asked before, tells what happens, and the whole after Ctrl-C', async () => {
  const asked: unknown[] = [];
  const session = open({
    watch: async ({ question: { target, to, proto }, passive, file }, _, onLines, signal) => {
      asked.push({ target, to, proto, passive, file });
      onLines([row('12:00:00 lost')]);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return [row('1 of 3 probes lost')];
    },
  });
  enter(session, 'watch to 198.51.100.1:80 --save lost.pcapng tcp');
  await vi.waitFor(() => expect(printed(session).join(' ')).toContain('12:00:00 lost'));
  expect(asked).toEqual([
    { target: 'web', to: '198.51.100.1:80', proto: 'tcp', passive: false, file: 'lost.pcapng' },
  ]);
  expect(session.state.busy).toBe('watch');
  session.send({ type: 'key', key: { type: 'key', name: 'ctrl-c' } });
  await vi.waitFor(() => expect(session.state.busy).toBeNull());
  expect(printed(session).at(-1)).toContain('1 of 3 probes lost');
});

test('the picker opens with names, and learns addresses', async () => {
  const { candidates } = await quiet.targets();
  const bare = candidates.map((one) => ({ ...one, addresses: [] }));
  const session = open(
    { targets: async () => ({ candidates: bare, silent: [] }) },
    { target: null, notice: 'Looking for containers' },
  );
  await vi.waitFor(() => expect(session.state.picker?.candidates[0]?.addresses).toEqual(['172.17.0.2']));
  expect(session.state.notice).toBeNull();
});

test('closing stops what runs, and waits for it', async () => {
  let takenBack = false;
  const session = open({
    async *diagnose(_, signal) {
      yield story[0]!;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setTimeout(resolve, 30));
      takenBack = true;
    },
  });
  session.send({ type: 'ask', wish: { target: 'web' } });
  await vi.waitFor(() => expect(session.state.run?.target?.name).toBe('web'));
  await session.close();
  expect(takenBack).toBe(true);
});
