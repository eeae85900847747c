import { expect, it } from 'vitest';
import { judge } from '../../src/engine/judge.ts';
import type { Ailment } from '../../src/model/ailment.ts';
import { known } from '../../src/model/answer.ts';
import type { Tracked } from '../../src/model/facts.ts';
import { connection } from '../kernel/connection.ts';
import { healthy, type Lab } from './scene.ts';

const ailment = (about: Partial<Ailment> = {}): Ailment => ({
  kind: 'unacknowledged',
  socket: connection({
    destinationPort: 5432,
    timer: 'retransmit',
    retransmits: 4,
    sendQueue: 20,
  }),
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

it('entries of pings, or of others to other ends, say nothing of a connection', () => {
  const ping = { ...entry(0), proto: 'icmp' };
  const other = { ...entry(50_000), original: { ...entry(50_000).original, source: '10.88.0.9' } };
  expect(named([ailment()], [ping, other]).ids).toEqual(['connection-stalled']);
  expect(named([ailment()], [ping, entry(50_000)]).ids).toEqual(['flow-forgotten']);
});

it('an idle one is forgotten where the others are translated, and else nothing is wrong with it', () => {
  const idle = ailment({ kind: 'idle', since: 9000 });
  expect(named([idle], [entry(50_000)])).toMatchObject({
    ids: ['flow-forgotten'],
    why: expect.stringContaining('What the far end sends is not translated back'),
  });
  expect(named([idle], [entry(50_000), entry(40_000)]).ids).toEqual([]);
  expect(named([idle], [entry(50_000, '10.88.0.2')]).ids).toEqual([]);
  expect(named([idle], []).ids).toEqual([]);
});

it('connections that the far end has closed are told with their number', () => {
  const found = named([ailment({ kind: 'left-open', others: 39 })], []);
  expect(found.ids).toEqual(['connections-left-open']);
  expect(found.what).toContain('psql (pid 42) has not closed 40 connections to 198.51.100.1:5432');
});

it('an address far from the one that the name has may be anybody', () => {
  const old = ailment({ kind: 'connecting', isElsewhere: true });
  const far = { ...old, socket: { ...old.socket, destination: '203.0.113.77', state: 'SYN-SENT' as const } };
  expect(named([far], []).ids).toEqual([]);
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
    socket: { ...old.socket, destination: '198.51.100.77', state: 'SYN-SENT' as const },
  };
  const found = named([elsewhere], []);
  expect(found.ids).toEqual(['program-asks-old-address']);
  expect(found.what).toContain('asks 198.51.100.77:5432, and db is 198.51.100.1 now');
});

it('no other cause looks at a scene of sockets, and these look at no other scene', () => {
  const { claims } = judge(healthy() as never, {});
  expect(claims).toEqual([]);
});
