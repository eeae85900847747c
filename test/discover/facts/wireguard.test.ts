import { expect, test } from 'vitest';
import { healthy } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const SHOWN = `interface: up0
  public key: HOST=
  private key: (hidden)
  listening port: 51820

peer: ONE=
  endpoint: 192.0.2.2:51820
  allowed ips: 10.99.0.0/24, fd00:99::/64
  latest handshake: 1 hour, 2 minutes, 3 seconds ago
  transfer: 1.20 KiB received, 3.01 KiB sent

peer: TWO=
  preshared key: (hidden)
  endpoint: (none)
  allowed ips: (none)
`;

/** The uplink of the lab as a WireGuard interface. */
function ground() {
  const lab = healthy();
  lab.path.hops.at(-1)!.link.kind = 'wireguard';
  return lab;
}

test('each peer has its networks, its endpoint and the age of its last handshake', async () => {
  expect(await value('wireguard', ground(), { run: { 'wg show up0': SHOWN } })).toEqual([
    {
      dev: 'up0',
      key: 'ONE=',
      endpoint: '192.0.2.2:51820',
      allowed: ['10.99.0.0/24', 'fd00:99::/64'],
      handshake: 3723,
    },
    { dev: 'up0', key: 'TWO=', endpoint: null, allowed: [], handshake: null },
  ]);
});

test('nobody is asked where no WireGuard is on the path', async () => {
  const { answer, machine } = await gathered('wireguard', healthy(), {});
  expect(answer).toMatchObject({ known: true, value: [] });
  expect(machine.asked).toEqual([]);
});
