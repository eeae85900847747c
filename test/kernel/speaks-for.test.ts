// What the kernel tells of connections that a program opened itself.
import { expect, it } from 'vitest';
import {
  bytesSaid,
  farSides,
  isNewAndSilent,
  isUnanswered,
  openedThere,
  saysAsMuch,
} from '../../src/kernel/speaks-for.ts';
import type { SocketState, TcpInfo } from '../../src/model/socket.ts';
import { connection, listening } from '../examples/socket.ts';

const info: TcpInfo = {
  unacknowledged: 0,
  lastDataSent: 500,
  lastDataReceived: 510,
  lastAckReceived: 499,
  acknowledged: 91,
  received: 0,
  window: 65_536,
};
const own: SocketState = {
  ...connection({ peer: 81, inode: 41 }),
  source: '10.88.0.2',
  sourcePort: 50_000,
  destination: '10.88.0.3',
};
const of = (told: Partial<TcpInfo>): SocketState => ({ ...own, info: { ...info, ...told } });

it('takes for opened there what no listener has taken', () => {
  const taken = connection({ peer: 40_000, inode: 21 });
  const left = { ...own, inode: 0 };
  const asking = { ...own, state: 'SYN-SENT' as const };
  expect(openedThere([listening({}), taken, own, left, asking])).toEqual([own, asking]);
});

it('knows what was said over one, acknowledged, and not answered since', () => {
  expect(isUnanswered(of({}), 600)).toBe(true);
  expect(bytesSaid(of({}))).toBe(90);
  // It was kept from earlier answers.
  expect(isUnanswered(of({ received: 4000, lastDataReceived: 9000 }), 600)).toBe(true);
});

it('knows what a proxy carries on as it is, or behind the header that says for whom', () => {
  const came = { ...connection({ peer: 40_000, inode: 21 }), source: '10.88.0.2', sourcePort: 8080 };
  const client = { ...came, destination: '10.88.0.1', destinationPort: 40_000 };
  const mapped = { ...client, source: '::ffff:10.88.0.2', destination: '::ffff:10.88.0.1' };
  const six = { ...client, source: 'fd00:88::2', destination: 'fd00:88::1' };
  const line = 'PROXY TCP4 10.88.0.1 10.88.0.2 40000 8080\r\n'.length;
  const line6 = 'PROXY TCP6 fd00:88::1 fd00:88::2 40000 8080\r\n'.length;
  for (const header of [0, line, 28])
    for (const accepted of [client, mapped]) expect(saysAsMuch(of({}), [accepted], 90 - header)).toBe(true);
  for (const header of [line6, 52]) expect(saysAsMuch(of({}), [six], 90 - header)).toBe(true);
  for (const header of [line + 1, 27, 52]) expect(saysAsMuch(of({}), [client], 90 - header)).toBe(false);
});

it('takes for none what was answered, what was said before, what is under way, and what no kernel tells of', () => {
  const none = [
    of({ received: 20, lastDataReceived: 400 }),
    of({ received: 20, lastDataReceived: 500 }),
    of({ acknowledged: 1 }),
    of({ unacknowledged: 1 }),
    { ...of({}), sendQueue: 4 },
    of({ lastDataSent: 900 }),
    {
      ...own,
      info: { unacknowledged: 0, lastDataSent: 1, lastDataReceived: 9, lastAckReceived: 1, window: null },
    },
    own,
  ];
  for (const one of none) expect(isUnanswered(one, 600)).toBe(false);
});

it('knows one that was opened of late and has brought nothing', () => {
  expect(isNewAndSilent(of({ acknowledged: 1 }), 600)).toBe(true);
  expect(isNewAndSilent(of({ lastDataReceived: 900 }), 600)).toBe(false);
  expect(isNewAndSilent(of({ received: 1 }), 600)).toBe(false);
});

it('finds the other side of each where they lead', () => {
  const far = { ...connection({ peer: 50_000, inode: 0 }), sourcePort: 81 };
  const mine = { ...own, destination: far.source };
  expect(farSides([mine], [far, connection({ peer: 50_000, inode: 9 })])).toEqual([far]);
  expect(farSides([mine], [{ ...far, sourcePort: 82 }])).toEqual([]);
});
