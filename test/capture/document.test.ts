// What scripts read of a capture: a line a packet, and the ways of all of them counted.
import { describe, expect, test } from 'vitest';
import { Claims } from '../../src/capture/claims.ts';
import { captureDocument, listeningOf, packetOf } from '../../src/capture/document.ts';
import type { Dropped } from '../../src/capture/drops.ts';
import type { Ended, Listens } from '../../src/capture/question.ts';
import { Stream } from '../../src/capture/stream.ts';
import { Tally } from '../../src/capture/tally.ts';
import { headingOf } from '../../src/capture/text/journey.ts';
import { capture, captureLine } from '../../src/output/schema/documents/capture.ts';
import { LINK } from '../../src/pcapng/content.ts';
import { A } from './frames.ts';
import { at, ping, SPOTS, UPLINK } from './hops.ts';

const listens: Listens = {
  spots: SPOTS,
  filters: SPOTS.map(() => ({ filter: 'icmp', says: null, applies: true })),
  own: new Set([A]),
  link: LINK.ethernet,
};
const through = (number: number) => [
  at('eth0', number * 1000, 'out', ping(number)),
  at('vetha', number * 1000 + 8, 'in', ping(number)),
  at('br0', number * 1000 + 8, 'in', ping(number)),
];
const DROP: Dropped = { reason: 'NETFILTER_DROP', function: 'nft_do_chain' };

/** Two through all hops, one that ends at the bridge. */
function told() {
  const stream = new Stream(SPOTS, new Claims([A], []));
  for (const number of [1, 2]) {
    for (const frame of through(number)) stream.add(frame);
    stream.add(at('up0', number * 1000 + 21, 'out', ping(number, UPLINK)));
  }
  for (const frame of through(3)) stream.add(frame);
  return stream
    .until()
    .told.map((one) => ({ told: one, dropped: one.journey.steps.length < 4 ? DROP : null }));
}

const ended = (): Ended => ({
  spots: SPOTS,
  counts: SPOTS.map(() => ({ seen: 5, lost: 1 })),
  taken: [3, 3, 3, 2],
  packets: 3,
  overrun: 0,
  saved: null,
  blind: null,
  because: null,
});

test('each packet is a line, with its steps, and what NAT made of it', () => {
  const lines = told().map((ending) => packetOf(ending, listens));
  for (const line of [listeningOf(listens), ...lines]) expect(captureLine.parse(line)).toEqual(line);
  expect(lines.map(({ id, heading, steps, dropped }) => [id, heading, steps.length, dropped])).toEqual([
    [1, 'out', 4, null],
    [2, 'out', 4, null],
    [3, 'out', 3, DROP],
  ]);
  expect(lines[0]!.steps.map(({ microseconds, ends }) => [microseconds, ends?.source])).toEqual([
    [0, A],
    [8, A],
    [8, A],
    [21, UPLINK],
  ]);
  expect(lines[0]!.at).toMatch(/^\d+\.\d{9}$/);
});

describe('the document', () => {
  const tally = new Tally();
  for (const ending of told()) tally.take(ending, headingOf(ending.told, listens));
  const asked = { target: 'web', filter: 'icmp' };
  const document = captureDocument(asked, listens, ended(), tally, { from: 0, until: 1000 });

  test('counts hops, ways and losses, as its schema says', () => {
    expect(capture.parse(document)).toEqual(document);
    expect(document.hops.map(({ id, captured, passed, lost }) => [id, captured, passed, lost])).toEqual(
      SPOTS.map(({ id }, spot) => [id, [3, 3, 3, 2][spot], 5, 1]),
    );
    expect(document.ways.map(({ hops, packets }) => [hops.length, packets])).toEqual([
      [4, 2],
      [3, 1],
    ]);
    expect(document.losses).toEqual([{ after: SPOTS[2]!.id, ...DROP, packets: 1 }]);
    expect(document.frames).toBe(11);
  });

  test('is without the hop that only tells whose a packet is', () => {
    const spots = SPOTS.map((spot, number) => (number === 0 ? { ...spot, hidden: true as const } : spot));
    const { hops } = captureDocument(asked, { ...listens, spots }, ended(), tally, { from: 0, until: 0 });
    expect(hops.map(({ id }) => id)).toEqual(SPOTS.slice(1).map(({ id }) => id));
  });
});

test('a packet that goes on later is one packet of its longer way', () => {
  const tally = new Tally();
  const [whole] = told();
  const { journey } = whole!.told;
  const half = { ...journey, steps: journey.steps.slice(0, 2) };
  tally.take({ told: { ...whole!.told, journey: half }, dropped: null }, 'Out');
  tally.take({ told: { ...whole!.told, before: 2 }, dropped: null }, 'Out');
  expect(tally.ways()).toEqual([{ heading: 'Out', spots: [0, 1, 2, 3], packets: 1 }]);
});

test('ways beyond a thousand are counted together', () => {
  const tally = new Tally();
  const [one] = told();
  const { journey } = one!.told;
  const [step] = journey.steps;
  for (let spot = 0; spot < 1005; spot++)
    tally.take(
      { told: { ...one!.told, journey: { ...journey, steps: [{ ...step!, spot }] } }, dropped: null },
      'In',
    );
  expect([tally.ways().length, tally.others]).toEqual([1000, 5]);
});
