import { expect, test } from 'vitest';
import { withKnownIds } from '../../../src/discover/map/known-ids.ts';
import type { Machine } from '../../../src/host/machine.ts';
import { known } from '../../../src/model/answer.ts';
import type { Netns } from '../../../src/model/netns.ts';

const at = (inode: number): Netns => ({ inode, path: `/run/netns/${inode}` });

test('each pair of namespaces is asked about once, and the own one is not entered', () => {
  const asked: [number, number | null][] = [];
  const machine = withKnownIds({
    self: at(1),
    nsid: (of: Netns, from: Netns | null) => {
      asked.push([of.inode, from?.inode ?? null]);
      return known(of.inode * 10, []);
    },
  } as Partial<Machine> as Machine);
  const ids = [
    machine.nsid(at(2), null),
    machine.nsid(at(2), at(1)),
    machine.nsid(at(3), at(2)),
    machine.nsid(at(2), at(3)),
    machine.nsid(at(3), at(2)),
  ];
  expect(ids.map((id) => id.known && id.value)).toEqual([20, 20, 30, 20, 30]);
  expect(asked).toEqual([
    [2, null],
    [3, 2],
    [2, 3],
  ]);
});
