import { expect, it } from 'vitest';
import { everydayOf, tenOf } from '../lab/everyday.ts';

const flows = everydayOf([
  { name: 'host', addresses: ['192.0.2.1/24', '10.88.0.1/24'], gateways: ['192.0.2.2'] },
  { name: 'LAN', addresses: ['192.0.2.2/24'], gateways: [] },
  { name: 'A', addresses: ['10.88.0.2/24', 'fd00:88::2/64'], gateways: ['10.88.0.1'] },
  { name: 'B', addresses: ['10.88.0.3/24'], gateways: ['10.88.0.1'] },
  { name: 'C', addresses: ['10.89.0.2/24'], gateways: ['10.89.0.1'] },
]);
const said = (kind: string): string[] => flows.filter((one) => one.kind === kind).map((one) => one.says);

it('knows gateways, neighbours, other networks and the published port', () => {
  expect(said('gateway')).toEqual(['host → 192.0.2.2', 'A → 10.88.0.1', 'B → 10.88.0.1', 'C → 10.89.0.1']);
  expect(said('neighbour')).toEqual(['A → 10.88.0.3:80', 'B → 10.88.0.2:80']);
  expect(said('other network')).toContain('C → 10.88.0.2:80');
  expect(said('published port')).toContain('LAN → 192.0.2.1:8080');
  expect(said('from the host')).toContain('host → fd00:88::2:80');
});

it('takes ten of every kind in turn', () => {
  const ten = tenOf(flows);
  expect(ten).toHaveLength(10);
  expect(new Set(ten.map(({ kind }) => kind)).size).toBe(7);
  expect(tenOf(flows.slice(0, 3))).toHaveLength(3);
});
