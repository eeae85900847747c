// Every reason of the kernel's list has a sentence; test/lab/drop-reasons.test.ts asks the list of the running kernel.
import { expect, test } from 'vitest';
import {
  dropMeanings,
  explained,
  meaningInWords,
  meaningOf,
  SAYS_NOTHING,
} from '../../src/kernel/drop-reason.ts';

test('of NETFILTER_DROP the function tells more, of the others the reason', () => {
  expect(explained({ reason: 'NETFILTER_DROP', function: 'nf_hook_slow' })).toBe('nf_hook_slow');
  expect(explained({ reason: 'NETFILTER_DROP', function: 'unknown' })).toBe('NETFILTER_DROP');
  expect(explained({ reason: 'IP_LOCALNET', function: 'br_nf_pre_routing_finish' })).toBe('IP_LOCALNET');
  expect(explained({ reason: 'NOT_SPECIFIED', function: 'ip_error' })).toBe('ip_error');
  expect(meaningOf({ reason: 'NOT_SPECIFIED', function: 'never_heard_of' })).toBeUndefined();
  expect(meaningOf({ reason: 'NOT_SPECIFIED', function: 'constructor' })).toBeUndefined();
});

test('what says nothing is given no meaning', () => {
  expect(Object.keys(dropMeanings).filter((name) => SAYS_NOTHING.test(name))).toEqual([]);
});

test.each(Object.entries(dropMeanings))('%s is told in plain words', (name, meaning) => {
  expect(name).toMatch(/^([A-Z0-9_]+|[a-z0-9_]+)$/);
  for (const part of Object.values(meaning)) expect(part).toMatch(/^\S.*[^.\s]$/s);
  expect(meaningInWords(meaning)).toMatch(/^[A-Z].*\.$/s);
});
