// What a recorder wrote down, a replayer says again.
import { describe, expect, test, vi } from 'vitest';
import { localMachine } from '../../src/host/local.ts';
import type { CaptureEvent, Frame, Machine, SocketEvent } from '../../src/host/machine.ts';
import { fromText, toText } from '../../src/host/record/recording.ts';
import { recorder } from '../../src/host/recorder.ts';
import { replayer } from '../../src/host/replayer.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

const base = (extra: Partial<Machine> = {}): Machine => ({
  ...fakeMachine({
    run: { 'ip link': 'one\n' },
    files: { '/proc/a': '1\n' },
    lists: { '/proc': ['1', '2'] },
  }),
  pid: 77,
  uid: 0,
  started: '5',
  env: { DOCKER_HOST: 'unix:///run/d', SECRET: 'x' },
  ...extra,
});

/** Through the file and back. */
function replayed(machine: Machine, use: (machine: Machine) => void): Machine {
  const { machine: written, recording } = recorder(machine);
  use(written);
  return replayer(fromText(toText(recording(['web']))));
}

describe('answers', () => {
  test('are the same, with their sources', async () => {
    const { machine, recording } = recorder(base());
    const real = [
      await machine.run({ argv: ['ip', 'link'] }),
      machine.read('/proc/a'),
      machine.list('/proc'),
    ];
    const again = replayer(fromText(toText(recording([]))));
    expect([await again.run({ argv: ['ip', 'link'] }), again.read('/proc/a'), again.list('/proc')]).toEqual(
      real,
    );
  });

  test('come in the order in which they came, and the last one stays', () => {
    let count = 0;
    const counting = base({ read: (file) => known(String(++count), ['cat', file]) });
    const again = replayed(counting, (machine) => {
      for (let time = 0; time < 3; time++) machine.read('/proc/a');
    });
    const values = Array.from({ length: 4 }, () => again.read('/proc/a')).map(
      (answer) => answer.known && answer.value,
    );
    expect(values).toEqual(['1', '2', '3', '3']);
  });

  test('that were never given are not known', async () => {
    const again = replayed(base(), () => {});
    for (const answer of [again.read('/proc/b'), await again.run({ argv: ['ss'] }), again.tracefs()])
      expect(answer).toMatchObject({ known: false, because: 'unreadable', detail: 'not in the recording' });
  });

  test('of one namespace are not those of another', () => {
    const red = { inode: 2, path: '/run/netns/red' };
    const again = replayed(base(), (machine) => void machine.read('/proc/a', red));
    expect(again.read('/proc/a', red).known).toBe(true);
    expect(again.read('/proc/a').known).toBe(false);
  });

  test('to a new tracing instance are those of the recorded one', () => {
    const again = replayed(base({ makeDirectory: () => known(undefined, []) }), (machine) => {
      machine.makeDirectory('/t/instances/netdoctor-77-5-1000');
    });
    expect(again.makeDirectory('/t/instances/netdoctor-77-5-2000').known).toBe(true);
  });

  test('of the environment hold only what was looked at', () => {
    const { machine, recording } = recorder(base());
    expect(machine.env.DOCKER_HOST).toBe('unix:///run/d');
    expect(recording([]).machine.env).toEqual({ DOCKER_HOST: 'unix:///run/d' });
  });

  test('drawn by chance are drawn again', () => {
    const draws: number[] = [];
    const again = replayed(base({ random: localMachine().random }), (machine) => {
      draws.push(machine.random(0, 1e9), machine.random(0, 1e9));
    });
    expect([again.random(0, 1e9), again.random(0, 1e9)]).toEqual(draws);
  });
});

describe('a socket and a capture', () => {
  const frame = (at: bigint): Frame => ({
    hop: 'h',
    link: 'ETHERNET',
    bytes: new Uint8Array(500).fill(7),
    length: 500,
    at,
  });

  /** A loop that is away for a while hears of the frame, which the kernel has stamped before, and of the answer. */
  const late = (first: 'data' | 'frame' = 'data'): Machine => {
    let see: (event: CaptureEvent) => void = () => {};
    const { capture, open } = echo();
    return base({
      capture: (points, onEvent) => {
        see = onEvent;
        return capture(
          points,
          ({ type, ...rest }) => type === 'armed' && onEvent({ type, ...rest } as never),
        );
      },
      open: (spec, onEvent) =>
        open(spec, (event) => {
          const stamp = process.hrtime.bigint();
          for (const end = Date.now() + 40; Date.now() < end; );
          if (first === 'frame') see({ type: 'frame', frame: frame(stamp) });
          onEvent({ ...event, at: process.hrtime.bigint() });
          if (first === 'data') see({ type: 'frame', frame: frame(stamp) });
        }),
    });
  };

  /** Echoes two milliseconds after each send; the capture sees it at once. */
  const echo = (): Machine => {
    let hear: (event: SocketEvent) => void = () => {};
    let see: (event: CaptureEvent) => void = () => {};
    return base({
      capture(_, onEvent) {
        see = onEvent;
        onEvent({ type: 'armed', hop: 'h' });
        const traced = Promise.resolve(notKnown('not-asked', '', []));
        return { ready: Promise.resolve(), traced, settled: async () => true, stop: async () => {} };
      },
      open(_, onEvent) {
        hear = onEvent;
        const send = () => {
          const at = process.hrtime.bigint();
          see({ type: 'frame', frame: frame(at) });
          setTimeout(() => hear({ type: 'data', bytes: Uint8Array.of(1), from: '192.0.2.1', at }), 2);
          return null;
        };
        const deaf = { only() {}, lost: () => 0, look() {}, close() {} };
        return known({ localPort: 4242, localAddress: null, send, write: send, ...deaf }, ['socket']);
      },
    });
  };

  async function talk(machine: Machine) {
    const seen: CaptureEvent[] = [];
    const heard: SocketEvent[] = [];
    const capture = machine.capture([], (event) => seen.push(event));
    const spec = { kind: 'udp', family: 4, netns: null, destination: '192.0.2.1', port: 53 } as const;
    const socket = machine.open(spec, (event) => heard.push(event));
    if (!socket.known) throw new Error(socket.detail);
    await capture.ready;
    const before = [seen.length, heard.length];
    const at = machine.now();
    const errno = socket.value.send();
    await vi.waitFor(() => expect([seen.length, heard.length]).toEqual([2, 1]));
    return { before, at, errno, seen, heard, port: socket.value.localPort };
  }

  test('have told everything behind a barrier, however busy the loop was', async () => {
    const { machine, recording } = recorder(echo());
    await talk(machine);
    const again = replayer(fromText(toText(recording([]))));
    const seen: CaptureEvent[] = [];
    const capture = again.capture([], (event) => seen.push(event));
    const spec = { kind: 'udp', family: 4, netns: null, destination: '192.0.2.1', port: 53 } as const;
    const socket = again.open(spec, () => {});
    await capture.ready;
    if (socket.known) socket.value.send();
    // The frame was there some microseconds after the send, and no timer has had its turn yet.
    for (const end = Date.now() + 60; Date.now() < end; );
    expect(seen.map(({ type }) => type)).toEqual(['armed']);
    expect(await capture.settled(0)).toBe(true);
    expect(seen.map(({ type }) => type)).toEqual(['armed', 'frame']);
  });

  test('tell again, after the send that led to it, by the clock of now', async () => {
    const { machine, recording } = recorder(echo());
    const real = await talk(machine);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const again = await talk(replayer(fromText(toText(recording([])))));
    expect(again.port).toBe(4242);
    expect(again.errno).toBeNull();
    expect(again.before).toEqual([1, 0]);
    const [, event] = again.seen;
    if (event?.type !== 'frame') throw new Error('no frame');
    const passed = (run: typeof real, at: bigint): number => Math.abs(Number(at - run.at)) / 1e6;
    expect(passed(again, event.frame.at)).toBeLessThan(25);
    // Headers are enough for a test, and the length on the wire is kept beside them.
    expect(event.frame).toMatchObject({ length: 500, bytes: new Uint8Array(160).fill(7) });
    expect(again.heard).toMatchObject([{ type: 'data', bytes: Uint8Array.of(1), from: '192.0.2.1' }]);
  });

  test('tell again in the order in which they were heard, where the loop was late', async () => {
    const { machine, recording } = recorder(late());
    await talk(machine);
    const order: string[] = [];
    const again = replayer(fromText(toText(recording([]))));
    again.capture([], ({ type }) => type === 'frame' && order.push(type));
    const spec = { kind: 'udp', family: 4, netns: null, destination: '192.0.2.1', port: 53 } as const;
    const socket = again.open(spec, ({ type }) => order.push(type));
    if (socket.known) socket.value.send();
    await vi.waitFor(() => expect(order).toEqual(['data', 'frame']));
  });

  test('tell an answer with its frame, where the loop was late to hear of both', async () => {
    const { machine, recording } = recorder(late('frame'));
    await talk(machine);
    const [frame, answer] = ['frame', 'data'].map(
      (type) => recording([]).told.find(({ event }) => (event as SocketEvent).type === type)!,
    );
    // Forty milliseconds passed between the frame's stamp and its being heard.
    expect(Math.abs(answer!.delay - frame!.delay)).toBeLessThan(30);
  });

  test('tell nothing that a send would have led to and that was never sent', async () => {
    const { machine, recording } = recorder(echo());
    await talk(machine);
    const again = replayer(fromText(toText(recording([]))));
    const seen: CaptureEvent[] = [];
    await again.capture([], (event) => seen.push(event)).ready;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual([{ type: 'armed', hop: 'h' }]);
  });
});

test('a file of another kind is refused', () => {
  expect(() => fromText('{"schema":"netdoctor/diagnosis/1"}')).toThrow('no recording');
});
