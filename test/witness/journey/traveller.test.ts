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
