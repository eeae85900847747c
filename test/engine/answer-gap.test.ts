import { describe, expect, it } from 'vitest';
import { gapOf, withoutLater } from '../../src/engine/answer-gap.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { healthy } from '../causes/scene.ts';
import { sighting } from '../examples/sighting.ts';

const talk = { over: 0, probe: 6 };
const { path } = healthy('outside');
const hops = path.hops.map(({ id }) => id);
const edge = hops.at(-1)!;
/** Numbers go round: the answer begins 100 before the end of them. */
const SYN_ACK = 0xffff_ff9b;

const syn = (hop: string, mss: number): Sighting =>
  sighting(hop, 'request', {
    header: { ttl: 64, dscp: 0, ecn: 0, syn: { ecn: 0, options: { 2: mss.toString(16), 8: '' } } },
  });
const synAck = (hop: string, sequence = SYN_ACK): Sighting =>
  sighting(hop, 'reply', {
    sequence,
    header: { ttl: 64, dscp: 0, ecn: 0, syn: { ecn: 0, options: { 2: '05b4', 8: '' } } },
  });
/** A segment behind so many bytes of the answer. */
const segment = (hop: string, behind: number, length = 1091): Sighting =>
  sighting(hop, 'reply', { probe: 6, length, sequence: (SYN_ACK + 1 + behind) >>> 0 });

const opened = hops.flatMap((hop) => [syn(hop, 1460), synAck(hop)]);
const seen = (sightings: readonly Sighting[], size: unknown = null) =>
  gapOf(path, { sightings, captured: new Set(hops), size: size as never }, talk);
const everywhere = (behind: number, length?: number): Sighting[] =>
  hops.map((hop) => segment(hop, behind, length));

describe('of an answer', () => {
  it('what stands behind a gap tells nothing of how far it came', () => {
    const all = [...opened, segment(edge, 0, 1500), ...everywhere(4096)];
    expect(withoutLater(all, talk)).toEqual([...opened, segment(edge, 0, 1500)]);
  });

  it('the place is beyond the outermost hop where its beginning was seen nowhere', () => {
    expect(seen([...opened, ...everywhere(4096)])).toMatchObject({
      gap: { missing: 4096, longest: 1091, full: 1500, isOfFull: true, isPinged: false },
      place: { direction: 'reply', stage: 'beyond', before: { id: edge }, after: null },
    });
  });

  it('the length is none of it where less than a full segment is missing, or a full one came', () => {
    expect(seen([...opened, ...everywhere(1447)])?.gap.isOfFull).toBe(false);
    expect(seen([...opened, ...everywhere(1448)])?.gap.isOfFull).toBe(true);
    expect(seen([...opened, ...everywhere(4096, 1500)])?.gap.isOfFull).toBe(false);
  });

  it('a ping of that length that was answered is told', () => {
    const all = [...opened, ...everywhere(4096)];
    expect(seen(all, { answered: true, size: 1500 })?.gap.isPinged).toBe(true);
    expect(seen(all, { answered: true, size: 1454 })?.gap.isPinged).toBe(false);
    expect(seen(all, { answered: false, size: 1500 })?.gap.isPinged).toBe(false);
  });
});

describe('no gap is told of', () => {
  it('where the beginning came to any hop', () => {
    expect(seen([...opened, ...everywhere(4096), segment(edge, 0)])).toBeNull();
  });

  it('where nobody saw by which number the answer begins', () => {
    expect(seen([...hops.map((hop) => syn(hop, 1460)), ...everywhere(4096)])).toBeNull();
  });

  it('where a proxy has numbers of its own on that hop', () => {
    const proxied = [...opened, synAck(edge, (SYN_ACK + 4096) >>> 0)];
    expect(seen([...proxied, ...everywhere(4096)])).toBeNull();
  });

  it('where the outermost hop saw nothing of it, or more than is kept', () => {
    expect(seen([...opened, segment(hops[0]!, 4096)])).toBeNull();
    const many = Array.from({ length: 16 }, (_, at) => segment(edge, 4096 + at));
    expect(seen([...opened, ...many])).toBeNull();
  });
});
