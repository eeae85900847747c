import { expect, test } from 'vitest';
import type { Hop } from '../../../src/model/path.ts';
import { Traveller } from '../../../src/witness/journey/traveller.ts';

const hop = (name: string, kind: string): Hop => ({ id: `container/${name}`, name, kind }) as Hop;

test('on loopback a packet comes in where it went out, and is the request still; what goes out then is the answer', () => {
  const one = new Traveller([hop('lo', 'loopback')]);
  const directions = ['net_dev_queue', 'netif_rx', 'net_dev_xmit', 'netif_receive_skb'].map((event) => {
    one.move('lo', event);
    return one.direction;
  });
  expect(directions).toEqual(['request', 'request', 'request', 'request']);
  one.move('lo', 'net_dev_queue');
  expect(one.direction).toBe('reply');
});

test('on the last interface the other way round is the answer', () => {
  const one = new Traveller([hop('eth0', 'veth'), hop('up0', 'uplink')]);
  one.move('eth0', 'net_dev_queue');
  one.move('up0', 'net_dev_xmit');
  expect(one.direction).toBe('request');
  one.move('up0', 'netif_receive_skb');
  expect(one.direction).toBe('reply');
});

test('before a gateway with one leg the answer is on its way in, until the leg gives it back', () => {
  const on = (name: string, where: string, twice = false): Hop =>
    ({ id: `${where}/${name}`, name, where, kind: 'veth', ...(twice ? { twice: true } : {}) }) as Hop;
  const path = [
    on('vetha', 'host'),
    on('vethb', 'host', true),
    on('eth0', 'other', true),
    on('br0', 'host'),
    on('up0', 'host'),
  ];
  const one = new Traveller(path);
  for (const name of ['vetha', 'vethb', 'eth0', 'br0', 'up0']) one.move(name, 'net_dev_xmit');
  one.move('up0', 'netif_receive_skb');
  one.move('br0', 'net_dev_xmit');
  expect(one.move('eth0', 'netif_rx')?.id).toBe('other/eth0');
  // The other end of the veth pair is told of when the packet is in there already.
  expect(one.move('vethb', 'net_dev_xmit')).toBeUndefined();
  expect(one.move('eth0', 'netif_receive_skb')?.id).toBe('other/eth0');
  expect(one.move('vethb', 'netif_rx')?.id).toBe('host/vethb');
});

test('a container on the uplink’s wire may call its interface as the host calls its own', () => {
  const one = new Traveller([hop('eth0', 'ipvlan'), { ...hop('eth0', 'uplink'), id: 'host/eth0' } as Hop]);
  const steps = ['net_dev_queue', 'net_dev_queue', 'net_dev_xmit'].map(
    (event) => one.move('eth0', event)?.id,
  );
  expect(steps).toEqual(['container/eth0', 'host/eth0', 'host/eth0']);
  one.move('eth0', 'netif_receive_skb');
  expect(one.direction).toBe('reply');
});

test('a cable hands a packet over before its near end says that it was sent: that is no step beyond the last hop', () => {
  const path = [hop('eth0', 'veth'), hop('vetha', 'veth'), hop('vethb', 'veth'), hop('eth0', 'veth')].map(
    (one, at) => ({ ...one, id: `${at}/${one.name}` }) as Hop,
  );
  const one = new Traveller(path);
  one.move('eth0', 'net_dev_queue');
  one.move('vetha', 'netif_rx');
  one.move('eth0', 'net_dev_xmit');
  one.move('vetha', 'netif_receive_skb');
  one.move('vethb', 'net_dev_queue');
  expect(one.move('eth0', 'netif_rx')?.id).toBe('3/eth0');
  one.move('vethb', 'net_dev_xmit');
  expect(one.move('eth0', 'netif_receive_skb')?.id).toBe('3/eth0');
  expect(one.outside).toBe(false);
  expect(one.direction).toBe('request');
});
