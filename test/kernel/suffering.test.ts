import { describe, expect, it } from 'vitest';
import { suffering, sufferingAt } from '../../src/kernel/suffering.ts';
import type { Flow } from '../../src/model/flow.ts';
import type { SocketState } from '../../src/model/socket.ts';
import { connection } from './connection.ts';

const flow: Flow = {
  from: 'container',
  to: 'web:80',
  address: '10.88.0.3',
  proto: 'tcp',
  port: 80,
  family: 4,
};

const socket = (about: Partial<SocketState>): SocketState =>
  connection({ destination: '10.88.0.3', ...about });

const look = (before: SocketState[], after: SocketState[], about: object = {}) =>
  suffering({ before, after, neighbours: [], flow, addresses: ['10.88.0.3'], ...about });

const syn = (about: Partial<SocketState> = {}) =>
  socket({ state: 'SYN-SENT', timer: 'retransmit', ...about });

describe('a connection suffers', () => {
  it('whose data is repeated again and again, and not one that repeats once', () => {
    const repeated = (retransmits: number) => socket({ timer: 'retransmit', retransmits });
    expect(look([], [repeated(3)])).toMatchObject([{ kind: 'unacknowledged', isElsewhere: false }]);
    expect(look([], [repeated(1)])).toEqual([]);
  });

  it('whose far end takes no more, and not one that keeps itself alive', () => {
    const closed = (lastDataSent: number) =>
      socket({
        timer: 'window-probe',
        sendQueue: 9000,
        info: { unacknowledged: 0, lastDataSent, lastDataReceived: 0, lastAckReceived: 20, window: 0 },
      });
    expect(look([], [closed(2500)])).toMatchObject([{ kind: 'window', since: 2500 }]);
    expect(look([], [closed(300)])).toEqual([]);
    expect(look([], [socket({ timer: 'keepalive', retransmits: 4 })])).toEqual([]);
  });

  it('perhaps, which is idle in both looks, as only connection tracking can tell', () => {
    expect(look([socket({})], [socket({})])).toMatchObject([{ kind: 'idle' }]);
    expect(look([], [socket({})])).toEqual([]);
  });

  it('that came to the asked port, was closed by its client, and by no means alone', () => {
    const info = {
      unacknowledged: 0,
      lastDataSent: 0,
      lastDataReceived: 0,
      lastAckReceived: 9000,
      window: 0,
    };
    const came = Array.from({ length: 33 }, (_, index) =>
      connection({ state: 'CLOSE-WAIT', sourcePort: 80, destinationPort: 50_000 + index, inode: 0, info }),
    );
    const listens = connection({ state: 'LISTEN', sourcePort: 80, inode: 5 });
    expect(sufferingAt([listens, ...came], [80])).toMatchObject([
      { kind: 'left-open', others: 32, since: 9000, socket: { inode: 5 } },
    ]);
    expect(sufferingAt([listens, ...came], [81])).toEqual([]);
  });

  it('whose SYN has been repeated for seconds', () => {
    expect(look([], [syn({ retransmits: 2 })])).toMatchObject([{ kind: 'connecting', since: 2000 }]);
    expect(look([syn()], [syn({ retransmits: 1 })])).toEqual([]);
  });

  it('only towards the asked end', () => {
    const other = { timer: 'retransmit', retransmits: 5 } as const;
    expect(look([], [socket({ ...other, destinationPort: 81 })])).toEqual([]);
    expect(look([], [socket({ ...other, proto: 'udp' })])).toEqual([]);
  });
});

describe('an address that the asked name does not have', () => {
  const old = { destination: '10.88.0.77' };

  it('is told where a SYN to it is there in both looks, or nobody has the address', () => {
    expect(look([syn(old)], [syn({ ...old, inode: 8 })])[0]).toMatchObject({ isElsewhere: true });
    const neighbours = [{ address: '10.88.0.77', dev: 'eth0', mac: null, state: ['FAILED'], proxy: false }];
    expect(look([syn(old)], [], { neighbours })).toHaveLength(1);
    expect(look([syn(old)], [])).toEqual([]);
  });

  it('is none of those that the name has besides, and none where an address was asked', () => {
    const both = { addresses: ['10.88.0.3', '10.88.0.77'] };
    expect(look([syn(old)], [syn(old)], both)).toEqual([]);
    expect(look([syn(old)], [syn(old)], { flow: { ...flow, to: '10.88.0.3:80' } })).toEqual([]);
  });
});

it('a socket of datagrams may send to the asked end, or to anybody, as long as it stays', () => {
  const udp = (about: Partial<SocketState>) => socket({ proto: 'udp', destinationPort: 5060, ...about });
  const asked = { flow: { ...flow, proto: 'udp' as const, port: 5060 } };
  const any = udp({ state: 'UNCONN', destination: '0.0.0.0', destinationPort: 0 });
  for (const one of [udp({}), any]) {
    expect(look([one], [one], asked)).toMatchObject([{ kind: 'sending' }]);
    expect(look([], [one], asked)).toEqual([]);
    expect(look([one], [one])).toEqual([]);
  }
  const other = udp({ destination: '10.88.0.4' });
  expect(look([other], [other], asked)).toEqual([]);
});
