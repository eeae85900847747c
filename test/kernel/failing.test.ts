import { describe, expect, it } from 'vitest';
import { parseTracked } from '../../src/discover/parse/conntrack.ts';
import { type FailingLooks, failing } from '../../src/kernel/failing.ts';
import type { Tracked } from '../../src/model/facts.ts';
import type { SocketState } from '../../src/model/socket.ts';
import { connection } from './connection.ts';

const look = (about: Partial<FailingLooks>) =>
  failing({
    before: [],
    after: [],
    neighbours: [],
    entries: [],
    kept: { established: 432_000, unacknowledged: 300 },
    oneWay: [],
    echoing: [],
    own: '10.88.0.2',
    broadcasts: ['10.88.0.255'],
    ...about,
  });

const syn = (about: Partial<SocketState> = {}): SocketState =>
  connection({ state: 'SYN-SENT', timer: 'retransmit', destinationPort: 5432, ...about });

const entry = (line: string): Tracked => parseTracked(line)!;
const udp = (destination: string, port: number): Tracked =>
  entry(
    `udp 17 28 src=10.88.0.2 dst=${destination} sport=40000 dport=${port} [UNREPLIED] src=${destination} dst=192.0.2.1 sport=${port} dport=40000`,
  );

describe('a connection that nobody answers', () => {
  it('has been repeated, or is there in both looks, or goes to an address that nobody has', () => {
    expect(look({ after: [syn({ retransmits: 2 })] })).toMatchObject([
      { how: 'connecting', address: '198.51.100.1', port: 5432, since: 2000, times: 1 },
    ]);
    expect(look({ after: [syn()] })).toEqual([]);
    expect(look({ before: [syn({ inode: 6 })], after: [syn()] })).toHaveLength(1);
    const gone = { address: '198.51.100.1', dev: 'eth0', mac: null, state: ['FAILED'], proxy: false };
    expect(look({ after: [syn()], neighbours: [gone] })).toHaveLength(1);
  });

  it('is told once for each end, with the longest time; the end that waits longest is the first', () => {
    const after = [
      syn({ destinationPort: 80, retransmits: 1, inode: 1 }),
      syn({ retransmits: 1, inode: 2 }),
      syn({ retransmits: 6, inode: 3 }),
    ];
    expect(look({ after }).map(({ port, times, since, inodes }) => ({ port, times, since, inodes }))).toEqual(
      [
        { port: 5432, times: 2, since: 7000, inodes: [2, 3] },
        { port: 80, times: 1, since: 1000, inodes: [1] },
      ],
    );
  });
});

describe('a name server that does not answer', () => {
  const asking = connection({ proto: 'udp', destination: '198.51.100.53', destinationPort: 53 });

  it('is waited for in both looks', () => {
    expect(look({ before: [asking], after: [asking] })).toMatchObject([{ how: 'asking', proto: 'dns' }]);
    expect(look({ after: [asking] })).toEqual([]);
  });

  it('comes last where it is a program of the namespace, which may wait for another', () => {
    const near = connection({ proto: 'udp', destination: '127.0.0.1', destinationPort: 53, inode: 9 });
    const both = [near, asking];
    expect(look({ before: both, after: both }).map(({ address }) => address)).toEqual([
      '198.51.100.53',
      '127.0.0.1',
    ]);
  });

  it('has answered where connection tracking has seen it', () => {
    const answered = { ...udp('198.51.100.53', 53), flags: [] };
    expect(look({ before: [asking], after: [asking], entries: [answered] })).toEqual([]);
  });
});

describe('what only connection tracking tells of', () => {
  const sender = connection({
    proto: 'udp',
    state: 'UNCONN',
    destination: '0.0.0.0',
    destinationPort: 0,
    inode: 9,
  });

  it('is fresh, and comes last', () => {
    const found = look({
      after: [syn({ retransmits: 1 }), sender],
      oneWay: [{ entry: udp('198.51.100.9', 514), age: 2000 }],
    });
    expect(found.map(({ how, port }) => [how, port])).toEqual([
      ['connecting', 5432],
      ['unanswered', 514],
    ]);
    const after = [sender];
    expect(look({ after, oneWay: [{ entry: udp('198.51.100.9', 514), age: 11_000 }] })).toEqual([]);
    expect(look({ after, oneWay: [{ entry: udp('198.51.100.9', 514), age: null }] })).toEqual([]);
  });

  it('is sent by a socket that is there, or was there a moment ago, and names its inode', () => {
    const oneWay = [{ entry: udp('198.51.100.9', 514), age: 0 }];
    expect(look({ oneWay })).toEqual([]);
    expect(look({ before: [sender], oneWay })).toMatchObject([{ how: 'unanswered', inodes: [9] }]);
    expect(look({ after: [{ ...sender, sourcePort: 40_001 }], oneWay })).toEqual([]);
    const towards = { state: 'ESTAB', destination: '198.51.100.7', destinationPort: 514 } as const;
    expect(look({ after: [{ ...sender, ...towards }], oneWay })).toEqual([]);
    expect(look({ after: [{ ...sender, proto: 'tcp' }], oneWay })).toEqual([]);
  });

  it('is a ping of a socket that pings', () => {
    const ping = entry(
      'icmp 1 29 src=10.88.0.2 dst=198.51.100.9 type=8 code=0 id=77 [UNREPLIED] src=198.51.100.9 dst=192.0.2.1 type=0 code=0 id=77',
    );
    const oneWay = [{ entry: ping, age: 0 }];
    const echo = (identifier: number | null, family: 4 | 6 = 4) => [{ family, identifier, inode: 5 }];
    expect(look({ oneWay })).toEqual([]);
    expect(look({ oneWay, echoing: echo(77) })).toMatchObject([{ proto: 'icmp', inodes: [5] }]);
    expect(look({ oneWay, echoing: echo(null) })).toHaveLength(1);
    expect(look({ oneWay, echoing: echo(7) })).toEqual([]);
    expect(look({ oneWay, echoing: echo(null, 6) })).toEqual([]);
  });

  it('is nothing that is meant for many', () => {
    for (const destination of ['224.0.0.251', '239.1.2.3', '255.255.255.255', '10.88.0.255', 'ff02::fb'])
      expect(look({ after: [sender], oneWay: [{ entry: udp(destination, 5353), age: 0 }] })).toEqual([]);
  });

  it('is a question where it goes to port 53', () => {
    const oneWay = [{ entry: udp('198.51.100.53', 53), age: 0 }];
    expect(look({ after: [sender], oneWay })).toMatchObject([{ how: 'asking', proto: 'dns' }]);
  });
});

describe('a listener', () => {
  const full = connection({
    state: 'LISTEN',
    source: '0.0.0.0',
    sourcePort: 8000,
    destination: '0.0.0.0',
    destinationPort: 0,
    receiveQueue: 3,
    sendQueue: 2,
  });

  it('whose queue is full in both looks is asked by the host', () => {
    expect(look({ before: [full], after: [full] })).toMatchObject([
      { how: 'backlog', from: 'host', address: '10.88.0.2', port: 8000 },
    ]);
    expect(look({ before: [full], after: [{ ...full, receiveQueue: 2 }] })).toEqual([]);
  });

  it('of the loopback alone is nobody’s to ask', () => {
    const own = { ...full, source: '127.0.0.1' };
    expect(look({ before: [own], after: [own] })).toEqual([]);
  });
});

describe('connections that the far end has closed', () => {
  const closed = (count: number, about: Partial<SocketState> = {}): SocketState[] =>
    Array.from({ length: count }, (_, index) =>
      connection({
        state: 'CLOSE-WAIT',
        sourcePort: 40_000 + index,
        inode: 100 + index,
        info: { unacknowledged: 0, lastDataSent: 0, lastDataReceived: 0, lastAckReceived: 6000, window: 0 },
        ...about,
      }),
    );

  it('are told as one flow where there are many and none is fresh', () => {
    expect(look({ after: closed(40) })).toMatchObject([
      { how: 'left-open', from: 'container', address: '198.51.100.1', port: 80, times: 40, since: 6000 },
    ]);
    expect(look({ after: closed(10) })).toEqual([]);
    const info = { unacknowledged: 0, lastDataSent: 0, lastDataReceived: 0, lastAckReceived: 900, window: 0 };
    expect(look({ after: closed(40, { info }) })).toEqual([]);
  });

  it('belong to the listener they came to', () => {
    const listens = connection({
      state: 'LISTEN',
      source: '0.0.0.0',
      sourcePort: 8000,
      inode: 5,
      sendQueue: 9,
    });
    const came = closed(40, { sourcePort: 8000, inode: 0, destinationPort: 50_000 });
    expect(look({ after: [listens, ...came] })).toMatchObject([
      { how: 'left-open', from: 'host', address: '10.88.0.2', port: 8000, times: 40 },
    ]);
  });
});

it('gets nothing of what the host has seen come back for it', () => {
  const counted = entry(
    'tcp 6 299 ESTABLISHED src=10.88.0.2 dst=198.51.100.1 sport=40000 dport=80 packets=60 bytes=3200 src=198.51.100.1 dst=192.0.2.1 sport=80 dport=40000 packets=140 bytes=207280 [ASSURED] mark=0 use=1',
  );
  const waiting = (received: number, inode = 7) =>
    connection({
      inode,
      info: {
        ...{
          unacknowledged: 0,
          lastDataSent: 9000,
          lastDataReceived: 4000,
          lastAckReceived: 4000,
          window: null,
        },
        ...{ received, headers: 52 },
      },
    });
  expect(look({ after: [waiting(185_000)], entries: [counted] })).toMatchObject([
    { how: 'starved', address: '198.51.100.1', port: 80, since: 4000 },
  ]);
  expect(look({ after: [waiting(200_000)], entries: [counted] })).toEqual([]);
  expect(look({ after: [waiting(185_000)] })).toEqual([]);
  // What a socket tells itself comes before what was counted, of the same end too.
  const tried = syn({ retransmits: 1, inode: 8 });
  expect(look({ after: [waiting(185_000), tried], entries: [counted] })).toMatchObject([
    { how: 'connecting', port: 5432, since: 1000 },
    { how: 'starved', port: 80 },
  ]);
  const same = syn({ retransmits: 1, inode: 8, destinationPort: 80 });
  expect(look({ after: [waiting(185_000), same], entries: [counted] })).toMatchObject([
    { how: 'connecting', port: 80, times: 2 },
  ]);
});

it('looks at each entry once, however many connections stand', () => {
  let looks = 0;
  const numbers = Array.from({ length: 100 }, (_, index) => 40_000 + index);
  const entries = numbers.map((port) => {
    const counted = entry(
      `tcp 6 431999 ESTABLISHED src=10.88.0.2 dst=198.51.100.1 sport=${port} dport=80 packets=6 bytes=320 src=198.51.100.1 dst=192.0.2.1 sport=80 dport=${port} packets=4 bytes=208 [ASSURED] mark=0 use=1`,
    );
    return Object.defineProperty({ ...counted }, 'original', {
      get: () => {
        looks += 1;
        return counted.original;
      },
    });
  });
  const after = numbers.map((sourcePort) => connection({ sourcePort, inode: sourcePort }));
  expect(look({ before: after, after, entries })).toEqual([]);
  expect(looks).toBe(100);
});
