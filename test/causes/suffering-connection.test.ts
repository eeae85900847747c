import { expect, it } from 'vitest';
import { judge } from '../../src/engine/judge.ts';
import type { Ailment } from '../../src/model/ailment.ts';
import { known } from '../../src/model/answer.ts';
import type { Tracked } from '../../src/model/facts.ts';
import { healthy, type Lab } from './scene.ts';

const ailment = (about: Partial<Ailment> = {}): Ailment => ({
  kind: 'unacknowledged',
  socket: {
    proto: 'tcp',
    family: 4,
    state: 'ESTAB',
    source: '10.88.0.2',
    sourcePort: 40_000,
    destination: '198.51.100.1',
    destinationPort: 5432,
    timer: 'retransmit',
    retransmits: 4,
    receiveQueue: 0,
    sendQueue: 20,
    inode: 7,
    info: null,
  },
  holder: { pid: 42, name: 'psql' },
  since: 6200,
  isElsewhere: false,
  ...about,
});

/** An entry of a connection from this port, masqueraded or not. */
const entry = (sourcePort: number, to = '192.0.2.1'): Tracked => ({
  proto: 'tcp',
  original: { source: '10.88.0.2', destination: '198.51.100.1', sourcePort, destinationPort: 5432 },
  reply: { source: '198.51.100.1', destination: to, sourcePort: 5432, destinationPort: sourcePort },
  flags: ['ASSURED'],
  text: 'tcp …',
});

/** What is named first where probes are answered and these connections suffer. */
function named(ailments: Ailment[], entries: Tracked[]) {
  const lab = healthy() as Lab & { ailments?: Ailment[] };
  lab.flow = { ...lab.flow, proto: 'tcp', port: 5432, to: 'db:5432' };
  lab.ailments = ailments;
  const { claims } = judge(lab as never, {
    conntrack: known({ entries, count: 3, max: 65_536 }, ['conntrack']),
  });
  return { ids: claims.map(({ cause }) => cause.id), why: claims[0]?.claim.why, what: claims[0]?.claim.what };
}

it('a connection that is established here and unknown to connection tracking is a forgotten one', () => {
  const found = named([ailment()], [entry(50_000)]);
  expect(found.ids).toEqual(['flow-forgotten']);
  expect(found.what).toContain('psql (pid 42)');
  expect(found.why).toContain('6.2 s');
});

it('so is one that is tracked without the translation of the others', () => {
  expect(named([ailment()], [entry(50_000), entry(40_000, '10.88.0.2')]).ids).toEqual(['flow-forgotten']);
});

it('one that is tracked like the others, or where nothing is tracked at all, only stands still', () => {
  expect(named([ailment()], [entry(50_000), entry(40_000)]).ids).toEqual(['connection-stalled']);
  expect(named([ailment()], []).ids).toEqual(['connection-stalled']);
});

it('a far end that takes no more is told to be the one that hangs', () => {
  expect(named([ailment({ kind: 'window' })], [entry(50_000)])).toMatchObject({
    ids: ['connection-stalled'],
    why: expect.stringContaining('takes no more data'),
  });
});

it('an address that the name does not have any more is named with the one it has', () => {
  const old = ailment({ kind: 'connecting', isElsewhere: true });
  const elsewhere = {
    ...old,
    socket: { ...old.socket, destination: '10.88.0.77', state: 'SYN-SENT' as const },
  };
  const found = named([elsewhere], []);
  expect(found.ids).toEqual(['program-asks-old-address']);
  expect(found.what).toContain('asks 10.88.0.77:5432, and db is 198.51.100.1 now');
});

it('no other cause looks at a scene of sockets, and these look at no other scene', () => {
  const { claims } = judge(healthy() as never, {});
  expect(claims).toEqual([]);
});
