// An answer has a way of its own: where it was seen on an interface that the request never crossed.
import { describe, expect, it } from 'vitest';
import { besideThePath, ledAstray } from '../../src/engine/beside.ts';
import { between } from '../../src/model/place.ts';
import type { Passage } from '../../src/model/sighting.ts';
import { whereItStops } from '../../src/output/summary/place.ts';
import { link } from '../causes/lab-state.ts';
import { healthy, type Lab, type Way } from '../causes/scene.ts';

const passage = (device: string, heading: 'in' | 'out', about: Partial<Passage> = {}): Passage =>
  ({
    hop: `host/${device}`,
    where: 'host',
    device,
    heading,
    kind: 'reply',
    probe: 0,
    onPath: false,
    foreign: false,
    source: '198.51.100.1',
    says: null,
    ...about,
  }) as Passage;

function place(passages: readonly Passage[], way: Way = 'outside', change: (lab: Lab) => void = () => {}) {
  const lab = healthy(way);
  change(lab);
  const { path, stacks } = lab as never as { path: never; stacks: { host: never } };
  return besideThePath({ path, passages, host: stacks.host }, 0);
}

describe('an answer from beyond', () => {
  it('comes in by another uplink', () => {
    const found = place([passage('up1', 'in')]);
    expect(found && between(found)).toEqual([null, 'host/up0']);
    expect(found).toMatchObject({ direction: 'reply', stage: 'beyond', beside: { device: 'up1' } });
  });

  it('is not what only leaves there, nor another probe’s, nor a request', () => {
    expect(place([passage('up1', 'out')])).toBeUndefined();
    expect(place([passage('up1', 'in', { probe: 1 })])).toBeUndefined();
    expect(place([passage('up1', 'in', { kind: 'request' })])).toBeUndefined();
  });

  it('is rather what is meant for the interface than a copy that a switch floods', () => {
    const found = place([passage('up1', 'in', { foreign: true }), passage('up2', 'in')]);
    expect(found?.beside?.device).toBe('up2');
    expect(place([passage('up1', 'in', { foreign: true })])?.beside?.device).toBe('up1');
  });

  it('waits where its sender asks for this host in vain', () => {
    const asks = passage('up1', 'in', {
      kind: 'neighbour',
      probe: -1,
      says: 'who has 203.0.113.1? tell 198.51.100.1',
    });
    expect(place([asks])?.beside?.device).toBe('up1');
    const told = passage('up1', 'out', {
      kind: 'neighbour',
      probe: -1,
      says: '203.0.113.1 is at 02:00:00:00:00:01',
    });
    expect(place([asks, told])).toBeUndefined();
    expect(place([{ ...asks, source: '192.0.2.99' }])).toBeUndefined();
  });
});

describe('an answer of this host', () => {
  it('leaves by another interface', () => {
    expect(place([passage('up0', 'out')], 'to-host')).toMatchObject({ stage: 'deliver', direction: 'reply' });
  });

  it('is not the copy that a bridge floods to another port', () => {
    const port = (lab: Lab) =>
      lab.stacks.host.links.push(link(40, 'vethx', 'veth', { master: 'br0' }) as never);
    expect(place([passage('vethx', 'out')], 'to-host', port)).toBeUndefined();
  });

  it('is led astray where it was forwarded out by a tunnel', () => {
    const { stacks } = healthy() as never as { stacks: { host: never } };
    const passages = [passage('tun0', 'out')];
    expect(ledAstray({ path: null as never, passages, host: stacks.host }, 0)?.device).toBe('tun0');
  });
});

describe('an answer of a container', () => {
  const out = passage('eth1', 'out', { hop: 'container/eth1', where: 'container', source: '10.88.0.2' });
  const port = (lab: Lab) =>
    lab.stacks.host.links.push(link(40, 'vethx', 'veth', { master: 'br1' }) as never);

  it('is where it came into the host, and not where it left', () => {
    const into = passage('br1', 'in', { source: '10.88.0.2' });
    const copy = passage('vethx', 'in', { source: '10.88.0.2' });
    expect(place([out], 'from-outside')?.beside?.device).toBe('eth1');
    expect(place([out, copy, into], 'from-outside', port)?.beside?.device).toBe('br1');
    expect(place([out, { ...into, foreign: true }], 'from-outside')?.beside?.device).toBe('eth1');
  });

  it('waits where its sender asks for an address of this host in vain', () => {
    const about = { kind: 'neighbour', probe: -1, source: '10.88.0.2' } as const;
    const asks = passage('br1', 'in', { ...about, says: 'who has 10.89.0.1? tell 10.88.0.2' });
    const told = passage('br1', 'out', { ...about, says: '10.89.0.1 is at 02:00:00:00:00:89' });
    const other = { ...asks, says: 'who has 10.89.0.7? tell 10.88.0.2' };
    expect(place([asks], 'from-outside')).toMatchObject({ direction: 'reply', beside: { device: 'br1' } });
    expect(place([asks, told], 'from-outside')).toBeUndefined();
    expect(place([other], 'from-outside')).toBeUndefined();
    expect(place([asks], 'to-host')).toBeUndefined();
  });
});

describe('in words', () => {
  const words = (way: Way, ...passages: Passage[]) => {
    const lab = healthy(way) as never as Parameters<typeof whereItStops>[0];
    return whereItStops({ ...lab, sent: 3, answered: 0, place: place(passages, way) ?? null });
  };
  it.each([
    ['outside', passage('up1', 'in'), 'replies come in by up1, not by up0'],
    ['to-host', passage('up0', 'out'), "replies leave the host's own stack by up0, not by br0"],
    [
      'outside',
      passage('up1', 'in', { kind: 'neighbour', probe: -1, says: 'who has 192.0.2.1? tell 198.51.100.1' }),
      '198.51.100.1 asks for this host by up1, not by up0, and is not heard',
    ],
    [
      'from-outside',
      passage('br1', 'in', {
        kind: 'neighbour',
        probe: -1,
        source: '10.88.0.2',
        says: 'who has 10.89.0.1? tell 10.88.0.2',
      }),
      '10.88.0.2 asks for this host by br1, beside the path, and is not heard',
    ],
  ] as const)('%s', (way, seen, sentence) => {
    expect(words(way, seen)).toBe(sentence);
  });
});
