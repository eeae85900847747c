import { expect, it } from 'vitest';
import { parseFormat } from '../../../src/host/trace/format.ts';
import { DROP, QUEUE } from './formats.ts';

it('tells where each field lies, of whatever type it is', () => {
  const format = parseFormat(QUEUE);
  expect(format).toMatchObject({ name: 'net_dev_queue', id: 2304 });
  expect(format?.fields.get('skbaddr')).toEqual({ offset: 8, size: 8 });
  expect(format?.fields.get('name')).toEqual({ offset: 20, size: 4 });
  expect(format?.symbols.size).toBe(0);
});

it('knows the reasons by the numbers of this kernel', () => {
  const reasons = parseFormat(DROP)?.symbols.get('reason');
  expect(reasons?.get(2)).toBe('NOT_SPECIFIED');
  expect(reasons?.get(12)).toBe('NETFILTER_DROP');
  expect(reasons?.get(0x10000)).toBe('MAC80211_X');
});

it('takes no other text for a format', () => {
  expect(parseFormat('')).toBeUndefined();
  expect(parseFormat('name: x\nID: y\n')).toBeUndefined();
});
