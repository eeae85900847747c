import { expect, it } from 'vitest';
import { parseEchoSockets } from '../../src/discover/echo-sockets.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';

it('a socket of icmp(7) has the identifier of its requests for a port', () => {
  const line =
    '   15: 0200580A:000F 016433C6:0000 01 00000000:00000000 00:00000000 00000000     0        0 66190 2 0000000000000000 0';
  expect(parseEchoSockets(`${HEAD}\n${line}\n`, 4, false)).toEqual([
    { family: 4, identifier: 15, inode: 66190 },
  ]);
});

it('a raw one takes a protocol, and only that of pings counts', () => {
  const raw = (protocol: string, inode: number): string =>
    `    1: 00000000:${protocol} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 0000000000000000 0`;
  const text = [HEAD, raw('0001', 70), raw('0002', 71), raw('00FF', 72)].join('\n');
  expect(parseEchoSockets(text, 4, true).map(({ inode, identifier }) => [inode, identifier])).toEqual([
    [70, null],
    [72, null],
  ]);
  const six = raw('003A', 80).replace('00000000:', '00000000000000000000000000000000:');
  expect(parseEchoSockets(`${HEAD}\n${six}`, 6, true)).toEqual([{ family: 6, identifier: null, inode: 80 }]);
});

it('what is no such table has none', () => {
  expect(parseEchoSockets('', 4, true)).toEqual([]);
  expect(parseEchoSockets('x: 1:2\n\n', 4, false)).toEqual([]);
});
