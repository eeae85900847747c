import { describe, expect, test } from 'vitest';
import { filterAt } from '../../src/capture/filter.ts';
import { neighbourOf } from '../../src/capture/neighbour.ts';
import { A } from './frames.ts';
import { SPOTS, UPLINK } from './hops.ts';

const traffic = (filter: string) => ({
  filter,
  addresses: [A, 'fd00:88::2'],
  macs: ['02:42:0a:58:00:a2'],
  ports: [
    { proto: 'tcp', hostAddress: '0.0.0.0', hostPort: 8080, containerPort: 80 },
    { proto: 'tcp', hostAddress: '0.0.0.0', hostPort: 443, containerPort: 443 },
  ],
  ethernet: true,
});
const at = (name: string, filter: string) =>
  filterAt(SPOTS.find((spot) => spot.name === name)!, traffic(filter));

describe('where all that passes is the target’s', () => {
  test('the filter is the person’s own', () => {
    expect(at('vetha', 'port 80')).toEqual({ filter: 'port 80', says: null, applies: true });
    expect(at('vetha', '').filter).toBe('');
  });
});

test('where others’ packets pass too, it is of the target’s addresses', () => {
  const own = `host ${A} or host fd00:88::2 or ether host 02:42:0a:58:00:a2`;
  expect(at('br0', '').filter).toBe(own);
  expect(at('br0', 'tcp or udp').filter).toBe(`(${own}) and (tcp or udp)`);
  expect(filterAt(SPOTS[2]!, { ...traffic(''), ethernet: false }).filter).toBe(
    `host ${A} or host fd00:88::2`,
  );
});

describe('behind NAT', () => {
  test.each([
    ['tcp port 22', 'tcp port 22', null],
    [
      `host ${A}`,
      `(host ${A} or host ${UPLINK})`,
      expect.stringMatching(/^behind NAT the filter at up0 is: /),
    ],
    [`src ${A} and dst 198.51.100.1`, `(src ${A} or src ${UPLINK}) and dst 198.51.100.1`, expect.anything()],
    [
      `not src or dst host ${A}`,
      `not (src or dst host ${A} or src or dst host ${UPLINK})`,
      expect.anything(),
    ],
    ['port 80', '(port 80 or port 8080)', expect.anything()],
    ['not tcp dst port 80', 'not (tcp dst port 80 or tcp dst port 8080)', expect.anything()],
    ['tcp port 443', 'tcp port 443', null],
    ['host 10.88.0.22', 'host 10.88.0.22', null],
  ])('%s', (filter, rewritten, says) => {
    expect(at('up0', filter)).toEqual({ filter: rewritten, says, applies: true });
  });

  test.each([
    ['net 10.88.0.0/24', /subnet/],
    ['ether src 02:42:0a:58:00:a2', /hardware address/],
    ['host fd00:88::2', /fd00:88::2, for which up0 has no address/],
  ])('%s does not apply', (filter, says) => {
    expect(at('up0', filter)).toMatchObject({ applies: false, says: expect.stringMatching(says) });
  });
});

test('somebody of the same subnet', () => {
  expect(neighbourOf('10.88.0.2', 24)).toBe('10.88.0.1');
  expect(neighbourOf('10.88.0.1', 24)).toBe('10.88.0.2');
  expect(neighbourOf('10.88.3.77', 20)).toBe('10.88.0.1');
  expect(neighbourOf('fd00:88::2', 64)).toBe('fd00:88::1');
  expect(neighbourOf('192.0.2.7', 32)).toBeNull();
  expect(neighbourOf('192.0.2.7', 31)).toBeNull();
});
