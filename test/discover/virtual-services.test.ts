import { expect, test } from 'vitest';
import { parseServices } from '../../src/discover/virtual-services.ts';

// As Linux 7.2 writes it: net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_info_seq_show.
const TABLE = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A600001:0050 rr
  -> C6336401:1F90      Masq    1      0          2
  -> C6336463:0050      Route   0      0          0
FWM  00000101 rr
  -> 0A000007:0000      Masq    1      0          0
UDP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0035 rr persistent 300
  -> [2001:0db8:0000:0000:0000:0000:0000:0002]:0035      Tunnel  1      0          0
`;

test('services with their servers; those of a mark have no address', () => {
  expect(parseServices(TABLE)).toEqual([
    {
      proto: 'tcp',
      address: '10.96.0.1',
      port: 80,
      servers: [
        { address: '198.51.100.1', port: 8080, forward: 'Masq', weight: 1 },
        { address: '198.51.100.99', port: 80, forward: 'Route', weight: 0 },
      ],
    },
    {
      proto: 'udp',
      address: '2001:db8::1',
      port: 53,
      servers: [{ address: '2001:db8::2', port: 53, forward: 'Tunnel', weight: 1 }],
    },
  ]);
});

test('an empty table has none', () => {
  expect(parseServices('')).toEqual([]);
});
