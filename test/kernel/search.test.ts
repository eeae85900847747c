// Where the search for a next hop ends, which a packet waits for.
import { describe, expect, test } from 'vitest';
import { orAtSearch, searchPlace } from '../../src/kernel/search.ts';
import { between } from '../../src/model/place.ts';
import { neighbour } from '../causes/lab-state.ts';
import { dropped, healthy, type Lab, lostAt } from '../causes/scene.ts';
import { sighting } from '../examples/sighting.ts';

const GATEWAY = '10.88.0.1';

/** A does not know its gateway's MAC address: who saw the question, and who its answer. */
function searching(asked: string[], answered: string[] = []): Lab {
  const lab = lostAt(healthy(), 0);
  const { neighbours } = lab.stacks.container;
  lab.stacks.container.neighbours = neighbours.filter((one) => one.address !== GATEWAY);
  lab.stacks.container.neighbours.push(neighbour(GATEWAY, 'eth0', null, 'INCOMPLETE') as never);
  const seen = (hops: string[], says: string) => hops.map((hop) => sighting(hop, 'neighbour', { says }));
  lab.sightings = [
    ...seen(asked, `who has ${GATEWAY}? tell 10.88.0.2`),
    ...seen(answered, `${GATEWAY} is at 02:00:00:00:00:88`),
  ] as never;
  return lab;
}

const placed = (lab: Lab): unknown => {
  const place = searchPlace(lab);
  return place && [place.direction, ...between(place)];
};

describe('the search ends', () => {
  test.each([
    ['in the sender', [], ['request', null, 'container/eth0']],
    ['behind its interface', ['container/eth0'], ['request', 'container/eth0', 'host/vetha']],
    ['before the bridge', ['container/eth0', 'host/vetha'], ['request', 'host/vetha', 'host/br0']],
  ])('%s, by its question', (_, asked, expected) => {
    expect(placed(searching(asked))).toEqual(expected);
  });

  test('on the way back, by its answer', () => {
    const asked = ['container/eth0', 'host/vetha', 'host/br0'];
    expect(placed(searching(asked, ['host/br0', 'host/vetha']))).toEqual([
      'reply',
      'host/vetha',
      'container/eth0',
    ]);
    expect(placed(searching(asked, [...asked].reverse()))).toEqual(['reply', 'container/eth0', null]);
  });
});

test('nothing is searched for where the next hop is known, and where nothing is lost', () => {
  expect(searchPlace(lostAt(healthy(), 3))).toBeUndefined();
  expect(searchPlace(healthy())).toBeUndefined();
});

test('a claim about the packet comes before one about the search; drops of packets say nothing of the search', () => {
  const lab = dropped(searching(['container/eth0']), 'TC_INGRESS', 'sch_handle_ingress');
  expect(
    orAtSearch(lab, (scene, isSearch) => (isSearch ? 'search' : scene.drops.known ? 'packet' : null)),
  ).toBe('packet');
  expect(orAtSearch(lab, (scene, isSearch) => (isSearch && !scene.drops.known ? 'search' : null))).toBe(
    'search',
  );
});
