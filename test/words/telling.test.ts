import { expect, test } from 'vitest';
import { dropName } from '../../src/words/telling.ts';

test.each([
  ['IP_INADDRERRORS', 'ip_error', 'IP_INADDRERRORS at ip_error'],
  ['NOT_SPECIFIED', 'ip_error', 'at ip_error'],
  ['NETFILTER_DROP', 'unknown', 'NETFILTER_DROP'],
  ['NOT_SPECIFIED', 'unknown', 'this kernel does not tell why'],
])('a drop told as %s at %s is %s', (reason, place, words) => {
  expect(dropName({ reason, function: place })).toBe(words);
});
