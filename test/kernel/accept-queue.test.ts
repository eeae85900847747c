// Which connections wait for a program, which sockets share a port, and which of them take what comes.
import { expect, it } from 'vitest';
import { connectionsOf, isQueued, shortened, takersOf } from '../../src/kernel/accept-queue.ts';
import { connection, listening } from '../examples/socket.ts';

const TO = { address: '10.88.0.3', port: 8080, family: 4 } as const;

it('tells a connection that waits from one that a program has, and from those of others', () => {
  const waiting = connection({ peer: 40_001, inode: 0 });
  const taken = connection({ peer: 40_002, inode: 77 });
  const others = [
    connection({ peer: 40_003, inode: 0 }),
    connection({ peer: 40_001, state: 'TIME-WAIT', inode: 0 }),
  ];
  const ends = [40_001, 40_002].map((peer) => ({ port: 8080, peer }));
  const mine = connectionsOf([listening({}), waiting, taken, ...others], ends);
  expect(mine).toEqual([waiting, taken]);
  expect(mine.filter(isQueued)).toEqual([waiting]);
});

it('finds the sockets that share a port: of the very address before those of any', () => {
  const [one, two] = [listening({ inode: 1 }), listening({ inode: 2 })];
  const own = listening({ inode: 3, source: '10.88.0.3' });
  expect(takersOf([one, two, listening({ inode: 4, port: 81 })], TO)).toEqual([one, two]);
  expect(takersOf([one, own, two], TO)).toEqual([own]);
  const both = listening({ inode: 5, source: '::' });
  expect(takersOf([both], TO)).toEqual([both]);
  expect(takersOf([one], { ...TO, address: '2001:db8::3', family: 6 })).toEqual([]);
});

it('knows a listener that takes by its queue, which only it makes shorter', () => {
  const at = (first: number, second: number) => [
    listening({ inode: 1, waiting: first }),
    listening({ inode: 2, waiting: second }),
  ];
  expect(shortened(at(3, 3), at(2, 4))).toEqual([1]);
  expect(shortened([], at(3, 3))).toEqual([]);
});
