import { expect, test } from 'vitest';
import { RunLog } from '../../src/engine/run/log.ts';
import {
  askedInVain,
  awaitOutside,
  beginAnew,
  openObserver,
  outsideOutcome,
} from '../../src/engine/run/observing.ts';
import { realClock } from '../../src/host/clock.ts';
import type { Flow } from '../../src/model/flow.ts';
import type { Path } from '../../src/model/path.ts';
import type { Passage, ProbeOutcome, Sighting } from '../../src/model/sighting.ts';
import { observedKind } from '../../src/probe/observed.ts';
import type { Packet } from '../../src/wire/packet.ts';

const talk = (says: string, milliseconds: number, hop = 'host/up0'): Sighting => ({
  hop,
  kind: 'neighbour',
  probe: -1,
  at: milliseconds * 1000,
  source: '',
  destination: '',
  sourceMac: null,
  destinationMac: null,
  family: 4,
  sourcePort: null,
  destinationPort: null,
  length: 28,
  ttl: null,
  says,
});
const asks = (at: number, by = '203.0.113.5') => talk(`who has 192.0.2.1? tell ${by}`, at);
const inVain = (...sightings: Sighting[]) => askedInVain(sightings, '192.0.2.1', 'host/up0');

test('a neighbour that asks for two seconds and gets no answer asks in vain', () => {
  expect(inVain(asks(0), asks(1000), asks(2010))).toBe(true);
});

test('one question is no proof, and two in a row may be answered yet', () => {
  expect(inVain(asks(0))).toBe(false);
  expect(inVain(asks(0), asks(1000))).toBe(false);
});

test('an answer, before or after, ends it', () => {
  expect(inVain(asks(0), talk('192.0.2.1 is at 02:00:00:00:00:01', 10), asks(2010))).toBe(false);
});

test('two neighbours that ask once each do not make one that asks again', () => {
  expect(inVain(asks(0), asks(2010, '192.0.2.2'))).toBe(false);
});

test('questions for other addresses, and on other hops, are nobody’s here', () => {
  expect(inVain(talk('who has 192.0.2.9? tell 203.0.113.5', 0), asks(2010))).toBe(false);
  expect(inVain(talk('who has 192.0.2.1? tell 203.0.113.5', 0, 'host/br0'), asks(2010))).toBe(false);
});

test('a packet that came while the captures were being armed is forgotten, and the next one followed', () => {
  const flow = {
    from: 'outside',
    address: '192.0.2.1',
    port: 8080,
    proto: 'tcp',
    family: 4,
  } as unknown as Flow;
  const { run } = openObserver(flow, { realDestination: '10.88.0.2', realPort: 80 } as unknown as Path);
  const syn = (sourcePort: number, sequence: number) =>
    ({
      source: '192.0.2.2',
      destination: '192.0.2.1',
      tcp: { sourcePort, destinationPort: 8080, sequence, syn: true, ack: false, rst: false },
    }) as unknown as Packet;
  const recognise = (packet: Packet) => observedKind('tcp').recognise(run, packet);
  const sightings = [asks(0)];
  expect(recognise(syn(40001, 7))).toMatchObject({ kind: 'request' });
  expect(recognise(syn(40002, 8))).toBeNull();
  beginAnew({ forget: () => void sightings.splice(0) }, run);
  expect(sightings).toEqual([]);
  expect(recognise(syn(40002, 8))).toMatchObject({ kind: 'request' });
  expect(recognise(syn(40001, 7))).toBeNull();
});

test('nobody is waited for where no interface can be watched, and no longer once none can', async () => {
  const flow = {
    from: 'outside',
    address: '192.0.2.1',
    port: 8080,
    proto: 'tcp',
    family: 4,
  } as unknown as Flow;
  const { run } = openObserver(flow, { realDestination: '10.88.0.2', realPort: 80 } as unknown as Path);
  const { now } = realClock;
  const waiting = (log: RunLog) =>
    awaitOutside(run, log, { entrance: 'host/up0', patience: 60_000 }, now, new AbortController().signal);
  const blind = new RunLog(realClock, () => {});
  blind.blind.set('host/up0', 'it may not be');
  expect(await waiting(blind)).toBe('nobody');
  const dying = new RunLog(realClock, () => {});
  dying.captured.add('host/up0');
  setTimeout(() => dying.loseSight('the captures died'), 20);
  expect(await waiting(dying)).toBe('nobody');
});

test('an answer that leaves by another uplink was heard where its asker goes on, and only there', () => {
  const asked = {
    ...talk('', 0),
    kind: 'request',
    probe: 0,
    source: '192.0.2.2',
    sourcePort: 4000,
    destination: '192.0.2.1',
    destinationPort: 8080,
  } as Sighting;
  const reply = {
    kind: 'reply',
    where: 'host',
    heading: 'out',
    source: '192.0.2.1',
    sourcePort: 8080,
  } as Passage;
  const gone = { probe: 0, result: 'answered', microseconds: 90, errno: null, says: null } as ProbeOutcome;
  const heard = (passages: readonly Passage[], wentOn: ProbeOutcome | null) => {
    const log = new RunLog(realClock, () => {});
    log.origin = 1n;
    log.see(asked);
    outsideOutcome(log, 'host/up0', { answerTo: () => wentOn, passages: () => passages });
    return log.outcomes.get(0);
  };
  expect(heard([reply], gone)).toEqual(gone);
  expect(heard([reply], null)).toBeUndefined();
  // What bypassed this host, its connection tracking has not seen: he goes on in vain.
  expect(heard([], gone)).toBeUndefined();
  expect(heard([{ ...reply, source: '192.0.2.9' }], gone)).toBeUndefined();
});
