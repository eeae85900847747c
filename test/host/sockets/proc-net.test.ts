import { expect, it } from 'vitest';
import { parseDatagrams } from '../../../src/host/sockets/proc-net.ts';

const HEAD =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n';

it('reads a connected and a waiting socket of IPv4', () => {
  const text = `${HEAD}  501: 0200580A:9C40 016433C6:0009 01 00000000:00000020 00:00000000 00000000     0        0 4711 2 0000000000000000 0
  502: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0000000000000000 0
`;
  expect(parseDatagrams(text, 4)).toMatchObject([
    {
      state: 'ESTAB',
      source: '10.88.0.2',
      sourcePort: 40000,
      destination: '198.51.100.1',
      receiveQueue: 32,
      inode: 4711,
    },
    { state: 'UNCONN', source: '0.0.0.0', sourcePort: 53, destinationPort: 0 },
  ]);
});

it('reads IPv6, and passes over what is no socket', () => {
  const text = `${HEAD}nonsense\n  1: B80D0120000000000000000001000000:0035 00000000000000000000000000000000:0000 07 0:0 0 0 0 0 9 2 0 0\n`;
  expect(parseDatagrams(text, 6)).toMatchObject([{ source: '2001:db8::1', sourcePort: 53, inode: 9 }]);
});

it('reads no more of them than are wanted', () => {
  const line = '  1: 00000000:0035 00000000:0000 07 0:0 0 0 0 0 9 2 0 0\n';
  expect(parseDatagrams(HEAD + line.repeat(5), 4, 2)).toHaveLength(2);
});
