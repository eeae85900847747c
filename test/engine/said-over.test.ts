import { expect, it } from 'vitest';
import {
  isNamedInVain,
  isUngreeted,
  isUnseenSilence,
  saidOver,
  silentAt,
  unsaid,
} from '../../src/engine/said-over.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { healthy } from '../causes/scene.ts';

const exchange = (about: Partial<Exchange>): Exchange => ({
  speech: 'http',
  over: 0,
  probe: 6,
  result: 'answered',
  says: 'HTTP/1.1 200 OK',
  waited: 120,
  certificate: null,
  ...about,
});

it('says that no data was tried, and nothing where it was answered', () => {
  expect(saidOver(null)[0]?.because).toContain('no data was tried');
  expect(saidOver(exchange({}))).toEqual([]);
});

it('tells silence, an end and a reset of the program apart', () => {
  const [quiet, ended, reset] = (['quiet', 'ended', 'reset'] as const).map(
    (result) => saidOver(exchange({ result }))[0]?.because,
  );
  expect(quiet).toContain('within 120 ms');
  expect(ended).toContain('closed the connection');
  expect(reset).toContain('reset the connection when an HTTP HEAD came');
  expect(saidOver(exchange({ result: 'lost' }))[0]?.because).toContain('did not acknowledge');
  expect(saidOver(exchange({ speech: 'greeting', result: 'quiet' }))[0]?.because).toContain('greeting');
});

it('misses a greeting alone, and no answer to what was asked', () => {
  expect(isUngreeted(exchange({ speech: 'greeting', result: 'ended' }))).toBe(true);
  expect(isUngreeted(exchange({ speech: 'greeting' }))).toBe(false);
  expect(isUngreeted(exchange({ result: 'quiet' }))).toBe(false);
  expect(isUngreeted(null)).toBe(false);
});

it('names a certificate that does not fit beside an answer', () => {
  const notes = saidOver(exchange({ speech: 'tls', certificate: 'it is for another name' }));
  expect(notes).toEqual([{ what: 'the certificate that was shown', because: 'it is for another name' }]);
});

it('tells a clock that is far from the server’s', () => {
  const notes = saidOver(exchange({ clock: 'this host’s clock is 3 days ahead' }));
  expect(notes).toEqual([{ what: 'the clock of this host', because: 'this host’s clock is 3 days ahead' }]);
  expect(saidOver(exchange({ clock: null, outOfTime: true }))).toEqual([]);
});

it('knows silence for the program’s own only where every witness looked', () => {
  const { path } = healthy();
  const captured = new Set(path.hops.map(({ id }) => id));
  const sightings = path.hops.map(({ id }) => ({ hop: id, probe: 0 }));
  const seen = {
    exchange: exchange({ result: 'quiet' }),
    captured,
    sightings,
    hits: known([], []),
    drops: known([], []),
  };
  const missing = notKnown('unsupported', 'taken away', []);
  expect(isUnseenSilence(path, seen)).toBe(false);
  expect(isUnseenSilence(path, { ...seen, captured: new Set(['host/up0']) })).toBe(true);
  expect(isUnseenSilence(path, { ...seen, sightings: sightings.slice(1) })).toBe(true);
  expect(isUnseenSilence(path, { ...seen, hits: missing })).toBe(true);
  expect(isUnseenSilence(path, { ...seen, drops: missing })).toBe(true);
  expect(isUnseenSilence(path, { ...seen, hits: missing, exchange: exchange({}) })).toBe(false);
  const reset = { ...seen, exchange: exchange({ result: 'reset' }) };
  expect([isUnseenSilence(path, reset), isUnseenSilence(path, { ...reset, hits: missing })]).toEqual([
    false,
    true,
  ]);
});

it('says what came instead of a greeting, and behind which interface silence begins', () => {
  const scene = { ...healthy('outside'), flow: { ...healthy('outside').flow, port: 25 } };
  const said = (result: Exchange['result'], about: Partial<typeof scene> = {}) =>
    unsaid({ ...scene, ...about }, exchange({ speech: 'greeting', result, waited: 3000 }));
  expect(said('quiet')).toBe(
    'connections to 198.51.100.1:25 open, and no greeting came within 3.0 s: none came in by up0, from behind which the handshake was answered',
  );
  // Nobody looked there.
  expect(said('quiet', { captured: new Set() })).toMatch(/within 3\.0 s, where the server speaks first$/);
  expect(said('ended')).toContain('are closed without a word');
  expect(said('reset')).toContain('are reset without a word');
  expect(said('answered')).toBeUndefined();
  expect(unsaid(scene, exchange({ result: 'quiet' }))).toBeUndefined();
  const sightings = scene.path.hops.map(({ id }) => ({ hop: id, probe: 0 }));
  const all = { captured: scene.captured, sightings, hits: known([], []), drops: known([], []) };
  const place = (about: Partial<Exchange>, looked = all) =>
    silentAt(scene.path, { ...looked, exchange: exchange(about) });
  expect(place({ speech: 'greeting', result: 'quiet' })).toMatchObject({ stage: 'beyond', before: null });
  expect(place({ speech: 'greeting', result: 'quiet' }, { ...all, captured: new Set() })).toBeNull();
  expect(place({ speech: 'greeting', result: 'ended' })).toBeNull();
  expect(place({ result: 'quiet' })).toBeNull();
});

it('takes what somebody named for said in vain where it is not answered, be it that the connection is closed', () => {
  const named = (result: Exchange['result'], isNamed = true) => isNamedInVain(exchange({ result, isNamed }));
  expect([named('quiet'), named('ended'), named('answered'), named('ended', false)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
