import { expect, it } from 'vitest';
import { picture } from '../../src/demo/network.ts';
import { demoNetwork } from './network.ts';

it('fits a terminal of 80 columns, the far end beneath the uplink that leads there', () => {
  expect(picture(demoNetwork)).toEqual([
    '  web   172.18.0.2  ─┬─ br0 172.18.0.1 ─┐',
    '  db    172.18.0.3  ─┘                  ├─ host ─ eth0 192.0.2.2',
    '  mail  172.19.0.2  ─── br1 172.19.0.1 ─┘         └─ internet 198.51.100.1',
  ]);
});

it('joins bridges whose addresses are of different length', () => {
  const other = { ...demoNetwork.other, gateway: '172.190.100.1' };
  const joints = picture({ ...demoNetwork, other }).map((line) => line.search(/[┐├┘](?!.*[┐├┘])/));
  expect(new Set(joints).size).toBe(1);
});
