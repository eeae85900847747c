// A search for a next hop that an earlier packet began shows nothing to a packet that joins late.
import { describe, expect, it } from 'vitest';
import { isResolving, isSearchUnseen } from '../../src/engine/next-hops.ts';
import { neighbour, route } from '../causes/lab-state.ts';
import { healthy, type Lab, lostAt } from '../causes/scene.ts';
import { sighting } from '../examples/sighting.ts';

function searching(state: string): Lab {
  const lab = lostAt(healthy('sibling', 6), 0);
  lab.stacks.container.neighbours = [neighbour(lab.flow.address, 'eth0', null, state) as never];
  return lab;
}

const unseen = (lab: Lab): boolean => isSearchUnseen(lab.path, lab.stacks, lab);

describe('a search that went by unseen', () => {
  it('ended before the probe was watched, or goes on behind it', () => {
    for (const state of ['FAILED', 'INCOMPLETE']) expect(unseen(searching(state))).toBe(true);
  });

  it('is none where somebody was seen to ask, or the address is known', () => {
    const lab = searching('FAILED');
    const says = `who has ${lab.flow.address}?`;
    const asks = (source: string) =>
      lab.sightings.push(sighting('container/eth0', 'neighbour', { probe: -1, says, source }) as never);
    asks('fd00:88::1');
    expect(unseen(lab)).toBe(true);
    asks(lab.path.sourceAddress!);
    expect(unseen(lab)).toBe(false);
    expect(unseen(searching('STALE'))).toBe(false);
  });

  it('cannot be told where nobody looked, and is nobody’s matter where the probe left or was answered', () => {
    const blind = searching('FAILED');
    blind.captured.delete('container/eth0');
    expect(unseen(blind)).toBe(false);
    const left = lostAt(healthy('sibling', 6), 1);
    left.stacks.container.neighbours = [neighbour(left.flow.address, 'eth0', null, 'FAILED') as never];
    expect(unseen(left)).toBe(false);
    const answered = healthy('sibling', 6);
    answered.stacks.container.neighbours = searching('FAILED').stacks.container.neighbours;
    expect(unseen(answered)).toBe(false);
  });

  it('is looked for where the host hands it on', () => {
    const lab = lostAt(healthy('outside'), 3);
    const { dev, gateway } = lab.path.hostRoute!;
    const address = gateway ?? lab.path.realDestination;
    lab.stacks.host.neighbours = [neighbour(address, dev!, null, 'INCOMPLETE') as never];
    expect(unseen(lab)).toBe(true);
    expect(isResolving(lab.path, lab.stacks)).toBe(true);
    lab.stacks.host.neighbours = [neighbour(address, dev!, null, 'FAILED') as never];
    expect(isResolving(lab.path, lab.stacks)).toBe(false);
  });

  it('is waited for where an answer leaves by another interface than the request comes by', () => {
    const lab = healthy('from-host');
    const { container } = lab.stacks;
    container.routes.push(route('0.0.0.0/0', { gateway: '10.89.0.1', dev: 'eth1' }) as never);
    const search = (dev: string, state: string) => {
      container.neighbours = [neighbour('10.89.0.1', dev, null, state) as never];
      return isResolving(lab.path, lab.stacks);
    };
    expect(search('eth1', 'INCOMPLETE')).toBe(true);
    expect(search('eth1', 'FAILED')).toBe(false);
    expect(search('eth2', 'INCOMPLETE')).toBe(false);
  });
});
