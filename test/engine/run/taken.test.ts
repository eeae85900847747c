// Whether a program took the probe's connections, by a kernel whose sockets are told look by look.
import { describe, expect, it } from 'vitest';
import { RunLog } from '../../../src/engine/run/log.ts';
import { type Of, untaken } from '../../../src/engine/run/taken.ts';
import type { Machine } from '../../../src/host/machine.ts';
import { known, notKnown } from '../../../src/model/answer.ts';
import type { Exchange } from '../../../src/model/exchange.ts';
import type { SocketState } from '../../../src/model/socket.ts';
import { healthy } from '../../causes/scene.ts';
import { connection, listening } from '../../examples/socket.ts';

const PORTS = [40_000, 40_001, 40_002];
/** Bytes. */
const SAID = 90;
const quiet: Exchange = {
  speech: 'http',
  over: 0,
  probe: 3,
  result: 'quiet',
  says: null,
  waited: 120,
  certificate: null,
};

function connected(tell: (event: object) => void): null {
  tell({ type: 'connected' });
  return null;
}

/** `looks`: the namespace's sockets at each look, the last one from then on, `hungUp` when the run has closed its own; milliseconds pass as they are waited; `hides`: another namespace does not tell its addresses. */
function asked(
  looks: readonly (readonly SocketState[] | null)[],
  {
    exchange = quiet as Exchange | null,
    holders = {} as Record<number, readonly number[]>,
    ending = 'other',
    deadline = 9000,
    drops = [] as readonly number[],
    hungUp = undefined as readonly SocketState[] | undefined,
    hides = false,
  } = {},
) {
  let isOver = false;
  let now = 1n;
  let looked = 0;
  let counted = 0;
  const opened: number[] = [];
  const fds = Object.entries(holders).flatMap(([pid, inodes]) => inodes.map((inode) => ({ pid, inode })));
  const machine = {
    now: () => now,
    after: (milliseconds: number, then: () => void) => {
      queueMicrotask(() => {
        now += BigInt(Math.round(milliseconds * 1e6));
        then();
      });
      return () => {};
    },
    sockets: () => {
      const sockets = isOver && hungUp ? hungUp : looks[Math.min(looked++, looks.length - 1)];
      return sockets ? known(sockets, []) : notKnown('no-permission', 'no', []);
    },
    open: (_: unknown, tell: (event: object) => void) => {
      const localPort = 50_000 + opened.length;
      opened.push(localPort);
      return known({ localPort, send: () => connected(tell), write: () => null, close: () => {} }, []);
    },
    list: (path: string) => {
      const pid = /^\/proc\/(\d+)\/fd$/.exec(path)?.[1];
      if (path === '/proc') return known(Object.keys(holders), []);
      return known(pid ? fds.flatMap((one, at) => (one.pid === pid ? [String(at)] : [])) : [], []);
    },
    link: (path: string) =>
      path.endsWith('/ns/net')
        ? known('net:[101]', [])
        : known(`socket:[${fds[Number(path.split('/').at(-1))]?.inode}]`, []),
    read: (path: string) => {
      if (path.endsWith('/comm')) return known('web\n', []);
      const at = path === '/proc/net/netstat' ? drops[counted++] : undefined;
      return at === undefined
        ? notKnown('unreadable', 'no', [])
        : known(
            `TcpExt: SyncookiesSent TCPDeferAcceptDrop\nTcpExt: 0 ${at}\nIpExt: InNoRoutes\nIpExt: 0\n`,
            [],
          );
    },
    netns: (path: string) => (hides ? known({ inode: 102, path }, []) : notKnown('unreadable', 'no', [])),
    self: { inode: 1 },
  } as unknown as Machine;
  const { flow, path } = healthy('network');
  const log = new RunLog(machine, () => {});
  log.origin = now;
  for (const probe of [0, 1, 2])
    log.hear({ probe, result: 'answered', microseconds: 90, errno: null, says: null });
  const at = path.hops.at(-1)!;
  const of = {
    machine,
    plan: {
      flow: { ...flow, proto: 'tcp', port: 8080 },
      path: {
        ...path,
        ending,
        realDestination: '10.88.0.3',
        hops: [...path.hops.slice(0, -1), { ...at, netns: { ...at.netns, inode: 101 } }],
      },
      netns: null,
      wait: 1000,
      deadline,
    },
    sender: { run: { first: 0, ports: PORTS }, owns: () => true, close: () => (isOver = true) },
    log,
    exchange,
    opening: exchange === null || exchange.speech === 'greeting' ? new Uint8Array() : new Uint8Array(SAID),
    signal: new AbortController().signal,
  } as unknown as Of;
  const taken = untaken(of);
  return { taken, told: taken.then(({ left }) => left), opened };
}

const queued = PORTS.map((peer) => connection({ peer, inode: 0 }));
const stuckAlone = [listening({ waiting: 3 }), ...queued];

/** A connection of a program's own that nobody has answered. */
const asking = (inode: number, retransmits: number, destination = '10.88.0.9'): SocketState => ({
  ...connection({ peer: 81, inode, state: 'SYN-SENT' }),
  sourcePort: 50_000 + inode,
  destination,
  retransmits,
});

/** Its looks before a program is known to have accepted. */
const thrice = <T>(look: T): T[] => [look, look, look];

describe('a proxy that carries on what it accepts', () => {
  /** The probe's three connections in process 7, and the further four, each with an own one behind it unless told otherwise. */
  const mine = PORTS.map((peer, index) => connection({ peer, inode: 21 + index }));
  const more = [0, 1, 2, 3].map((index) => connection({ peer: 50_000 + index, inode: 31 + index }));
  const proxy = { 7: [11, 21, 22, 23, 31, 32, 33, 34, 41, 42, 43, 51, 52, 53, 54, 60, 61] };
  const first = [41, 42, 43].map((inode) => asking(inode, 1));
  const behind = (retransmits: number) => [51, 52, 53, 54].map((inode) => asking(inode, retransmits));
  const early = [listening({}), ...mine, ...first];
  const late = (...sockets: SocketState[]) => [...early, ...more, ...sockets];

  it('is found where each connection has an own one behind it that nobody answers', async () => {
    const { told } = asked([...thrice(early), late(...behind(0)), late(...behind(1))], {
      exchange: null,
      holders: proxy,
    });
    expect(await told).toMatchObject({
      kind: 'carry',
      connections: 3,
      by: { pid: 7 },
      to: { address: '10.88.0.9', port: 81 },
    });
  });

  it('is none where further connections bring no further one, or what they bring is answered or for others too', async () => {
    const cases = [
      [...thrice(early), late()],
      [...thrice(early), late(...behind(0)), late()],
      [...thrice(early), late(...behind(0), asking(60, 0))],
      [...thrice([listening({}), ...mine, asking(41, 1)]), late(...behind(1))],
    ];
    for (const looks of cases)
      expect((await asked(looks, { exchange: null, holders: proxy }).told)?.kind).not.toBe('carry');
  });

  it('is none where another process asks', async () => {
    const apart = { 7: [11, 21, 22, 23, 31, 32, 33, 34], 8: [41, 42, 43, 51, 52, 53, 54] };
    const looks = [...thrice(early), late(...behind(1))];
    expect(await asked(looks, { exchange: null, holders: apart }).told).toBeNull();
  });

  it('is neither found nor said to be well where nobody could see whose the one or the other is', async () => {
    const mute = { 7: [11, 21, 22, 23, 31, 32, 33, 34] };
    const looks = [...thrice(early), late(...behind(0)), late(...behind(1))];
    for (const holders of [mute, { 7: proxy[7].slice(7) }, {}])
      expect(await asked(looks, { exchange: null, holders }).taken).toMatchObject({
        left: null,
        gap: { of: 'taking', because: expect.stringContaining('10.88.0.9:81 stands in SYN-SENT') },
      });
    // Nobody's own brings no further one, and is another's.
    expect((await asked([...thrice(early), late()], { exchange: null, holders: mute }).taken).gap).toBeNull();
  });

  it('is not said to be well where nobody could look any more, or where it gave up', async () => {
    const { taken } = asked([...thrice(early), null], { exchange: null, holders: proxy });
    expect(await taken).toMatchObject({ left: null, gap: { of: 'taking', because: 'no' } });
    const gone = asked([...thrice(early), late(...behind(0)), [listening({})]], {
      exchange: null,
      holders: proxy,
    });
    expect((await gone.taken).gap?.because).toMatch(/given up what it opened to 10.88.0.9:81/);
    const stands = behind(0).map((one): SocketState => ({ ...one, state: 'ESTAB' }));
    const well = asked([...thrice(early), late(...behind(0)), late(...stands)], {
      exchange: null,
      holders: proxy,
    });
    expect((await well.taken).gap).toBeNull();
  });

  it('is not said to be well where the time was up before anybody could tell', async () => {
    const young = [listening({}), ...mine, ...[41, 42, 43].map((inode) => asking(inode, 0))];
    const { taken } = asked([...thrice(young), [...young, ...more, ...behind(0)]], {
      exchange: null,
      holders: proxy,
      deadline: 600,
    });
    expect(await taken).toMatchObject({ left: null, gap: { of: 'taking' } });
  });

  it('is found as soon as those that stood before have been sent again in vain', async () => {
    const { told } = asked([...thrice(early), late(...behind(0))], {
      exchange: null,
      holders: proxy,
      deadline: 600,
    });
    expect(await told).toMatchObject({ kind: 'carry', to: { address: '10.88.0.9' } });
  });
});

describe('a program that waits for somebody else', () => {
  const mine = PORTS.map((peer, index) => connection({ peer, inode: 21 + index }));
  const more = [0, 1, 2, 3].map((index) => connection({ peer: 50_000 + index, inode: 31 + index }));
  const holders = { 7: [11, 21, 22, 23, 31, 32, 33, 34, 41, 51, 52, 53, 54, 60] };
  /** A connection of its own over which so many bytes were said, and nothing came. */
  const own = (inode: number, bytes: number): SocketState => ({
    ...asking(inode, 0),
    state: 'ESTAB',
    info: {
      unacknowledged: 0,
      lastDataSent: 5,
      lastDataReceived: 6,
      lastAckReceived: 5,
      acknowledged: bytes + 1,
      received: 0,
      window: 65_536,
    },
  });
  const behind = (bytes: number): SocketState[] => [51, 52, 53, 54].map((inode) => own(inode, bytes));
  const early = (bytes: number): SocketState[] => [listening({}), ...mine, own(41, bytes)];
  const looks = (bytes: number, ...late: readonly SocketState[][]): SocketState[][] => [
    ...thrice(early(bytes)),
    early(bytes),
    ...late.map((some) => [...early(bytes), ...more, ...some]),
  ];
  const ended = (state: SocketState['state']): SocketState[] =>
    [41, 51, 52, 53, 54].map((inode) => ({ ...own(inode, SAID), state, inode: 0 }));

  it('is found where it asks somebody by itself for each question, and nothing comes', async () => {
    const told = await asked(looks(120, behind(120)), { holders }).told;
    expect(told).toMatchObject({
      kind: 'mute',
      connections: 5,
      of: 5,
      by: { pid: 7 },
      to: { address: '10.88.0.9', port: 81 },
      waitsFor: { how: 'silent', said: 'http', listens: null },
    });
    expect(told?.waited).toBeGreaterThanOrEqual(1000);
  });

  it('is found where it carries on what was said, and who takes it does not hear that this was all', async () => {
    const carried = looks(SAID, behind(SAID));
    const told = await asked(carried, { holders, hungUp: ended('FIN-WAIT-2') }).told;
    expect(told).toMatchObject({ kind: 'mute', waitsFor: { how: 'deaf' } });
  });

  it('is well where he ends with his client, who may have been told nothing on purpose', async () => {
    const carried = looks(SAID, behind(SAID));
    const { taken } = asked(carried, { holders, hungUp: ended('TIME-WAIT') });
    expect(await taken).toMatchObject({
      left: null,
      gap: { of: 'behind', because: expect.stringContaining('web (pid 7) carried what was said on to') },
    });
    const named = asked(carried, { holders, exchange: { ...quiet, isNamed: true } });
    expect(await named.told).toMatchObject({ kind: 'mute', waitsFor: { how: 'silent' } });
  });

  it('is found where nobody opens what it asks for', async () => {
    const unopened = (inode: number, again: number) => asking(inode, again);
    const at = (again: number, ...inodes: number[]) => inodes.map((inode) => unopened(inode, again));
    const first = [listening({}), ...mine, ...at(0, 41)];
    const later = (again: number) => [...first.slice(0, -1), ...more, ...at(again, 41, 51, 52, 53, 54)];
    const told = await asked([...thrice(first), first, later(0), later(1)], { holders }).told;
    expect(told).toMatchObject({ kind: 'carry', connections: 5, to: { port: 81 } });
  });

  it('is none where a question brings no further one, more than one, or one that comes to something', async () => {
    const answered = behind(120).map((one) => ({
      ...one,
      info: { ...one.info!, received: 9, lastDataReceived: 2 },
    }));
    const cases = [
      looks(120, []),
      looks(120, [...behind(120), own(60, 120)]),
      looks(120, behind(120), answered),
      [[listening({}), ...mine]],
    ];
    for (const some of cases) expect(await asked(some, { holders }).taken).toEqual({ left: null, gap: null });
    const apart = { 7: [11, 21, 22, 23, 31, 32, 33, 34], 8: [41, 51, 52, 53, 54] };
    expect(await asked(looks(120, behind(120)), { holders: apart }).told).toBeNull();
  });

  it('is not said to be well where the time was up before anybody could tell', async () => {
    const { taken } = asked(looks(120, behind(120)), { holders, deadline: 600 });
    expect(await taken).toMatchObject({ left: null, gap: { of: 'taking' } });
  });

  it('is not said to be well where nobody could see whose its connections are', async () => {
    const { taken } = asked(looks(120, behind(120)), { holders: { 9: [11] } });
    expect(await taken).toMatchObject({
      left: null,
      gap: { of: 'taking', because: expect.stringContaining('nobody could see whose it is') },
    });
  });

  it('need not be answered where nothing was said', async () => {
    const silentBehind = looks(0, behind(0));
    expect(await asked(silentBehind, { holders, exchange: null }).told).toBeNull();
  });

  it('is neither well nor found where nobody could look whether those are taken that it has opened', async () => {
    const stands = [listening({}), ...mine, ...[41, 51, 52].map((inode) => own(inode, 0))];
    const { taken } = asked([stands], { holders, exchange: null, hides: true });
    expect(await taken).toMatchObject({
      left: null,
      gap: { of: 'taking', because: expect.stringContaining('web (pid 7) has opened one to 10.88.0.9:81') },
    });
    // Beyond this host nobody can look, and silence is no fault.
    expect((await asked([stands], { holders, exchange: null }).taken).gap).toBeNull();
  });
});

describe('one socket', () => {
  it('that accepts nobody is stuck, and its holder is named', async () => {
    const told = await asked([stuckAlone], { holders: { 700: [11] } }).told;
    expect(told).toMatchObject({ kind: 'accept', connections: 3, of: 3 });
    expect(told?.takers).toMatchObject([{ stuck: true, waiting: 3, holders: [{ pid: 700, name: 'web' }] }]);
    expect(told?.waited).toBeGreaterThanOrEqual(2000);
  });

  it('is neither stuck nor well where the time is up before anybody could know', async () => {
    expect(await asked([stuckAlone], { deadline: 600 }).taken).toMatchObject({
      left: null,
      gap: { of: 'taking' },
    });
  });

  it('that accepts one of them serves one after the other', async () => {
    const sockets = [listening({ waiting: 2 }), connection({ peer: 40_000, inode: 9 }), ...queued.slice(1)];
    expect(await asked([sockets]).told).toBeNull();
  });

  it('that has answered one takes what comes', async () => {
    expect(await asked([stuckAlone], { exchange: { ...quiet, result: 'answered' } }).told).toBeNull();
  });

  it('that accepts after a second is slow, and well', async () => {
    const later = [listening({ waiting: 2 }), connection({ peer: 40_000, inode: 9 }), ...queued.slice(1)];
    const looks = [...Array(12).fill(stuckAlone), later];
    expect(await asked(looks).told).toBeNull();
  });

  it('that takes others out of its queue meanwhile is busy, and takes ours in its turn', async () => {
    const looks = [9, 9, 8].map((waiting) => [listening({ waiting }), ...queued]);
    expect(await asked(looks).told).toBeNull();
  });

  it('whose program accepts and reads nothing is told from one that waits for its client', async () => {
    const has = (unread: number) => [
      listening({}),
      ...PORTS.map((peer) => connection({ peer, inode: 9, unread })),
    ];
    expect(await asked([has(100)]).told).toMatchObject({ kind: 'read' });
    expect(await asked([has(0)]).told).toBeNull();
    expect(await asked([...Array(9).fill(has(100)), has(0)]).told).toBeNull();
    expect(await asked([has(100)], { exchange: null }).told).toBeNull();
  });
});

describe('a server that speaks first, and is not heard,', () => {
  const ungreeted: Exchange = { ...quiet, speech: 'greeting', waited: 3000 };
  const half = PORTS.map((peer) => connection({ peer, inode: 0, state: 'SYN-RECV' }));
  const holders = { 700: [11, 9] };

  it('waits for data of its client where the last packet of one more handshake is thrown away', async () => {
    const drops = [4, 5];
    const told = await asked([[listening({}), ...half]], { exchange: ungreeted, holders, drops }).told;
    expect(told).toMatchObject({ kind: 'defer', connections: 3, takers: [{ holders: [{ pid: 700 }] }] });
  });

  it('does so where it was not meant to speak, and that is said beside', async () => {
    const { taken } = asked([[listening({}), ...half]], { exchange: null, drops: [4, 5] });
    expect(await taken).toMatchObject({ left: null, gap: { of: 'deferred' } });
  });

  it('is not decided where nothing says why its end is half-open', async () => {
    for (const drops of [[4, 4], []]) {
      const { taken } = asked([[listening({}), ...half]], { exchange: ungreeted, drops });
      expect(await taken).toMatchObject({ left: null, gap: { of: 'taking' } });
    }
  });

  it('is named where it has accepted', async () => {
    const sockets = [listening({}), ...PORTS.map((peer) => connection({ peer, inode: 9 }))];
    const { gap } = await asked([sockets], { exchange: ungreeted, holders }).taken;
    expect(gap).toMatchObject({ of: 'greeting', because: expect.stringContaining('web (pid 700) accepted') });
  });
});

describe('sockets that share a port', () => {
  const [good, deaf] = [listening({ inode: 11 }), listening({ inode: 12, waiting: 2 })];
  const accepted = [40_000, 50_003].map((peer, at) => connection({ peer, inode: 90 + at }));
  const waiting = [40_001, 50_001].map((peer) => connection({ peer, inode: 0 }));

  it('are met from further source ports, and the one that does not accept is named', async () => {
    const holders = { 700: [11, 90, 91], 701: [12] };
    const { told, opened } = asked([[good, deaf, ...accepted, ...waiting]], { holders });
    expect(await told).toMatchObject({
      kind: 'accept',
      connections: 2,
      of: 4,
      takers: [{ stuck: false }, { stuck: true, holders: [{ pid: 701 }] }],
    });
    expect(opened).toHaveLength(16);
  });

  it('are well where each has accepted one and serves one after the other', async () => {
    const holders = { 700: [11, 90], 701: [12, 91] };
    expect(await asked([[good, deaf, ...accepted, ...waiting]], { holders }).told).toBeNull();
  });

  it('are neither stuck nor well where nobody can see which of them has accepted', async () => {
    const unseen: Record<number, readonly number[]>[] = [
      {},
      { 700: [11, 90, 91] },
      { 700: [11, 90], 701: [12] },
    ];
    for (const holders of unseen) {
      const { taken } = asked([[good, deaf, ...accepted, ...waiting]], { holders });
      expect(await taken).toMatchObject({ left: null, gap: { of: 'taking' } });
    }
    // That no socket accepted any needs nobody's name.
    const none = asked([[{ ...good, receiveQueue: 1 }, deaf, ...waiting]], {});
    expect(await none.told).toMatchObject({ kind: 'accept' });
  });
});

it('does not call well what nobody could look at, unless a program has answered', async () => {
  expect(await asked([null]).taken).toMatchObject({ left: null, gap: { of: 'taking', because: 'no' } });
  const answered = asked([null], { exchange: { ...quiet, result: 'answered' } });
  expect((await answered.taken).gap).toBeNull();
});

it('looks at nothing where the far end is elsewhere, and names nobody where it may not look', async () => {
  expect(await asked([stuckAlone], { ending: 'outside' }).told).toBeNull();
  expect(await asked([null]).told).toBeNull();
  expect(await asked([stuckAlone], { exchange: { ...quiet, result: 'reset' } }).told).toBeNull();
});
