/** What a name server said, as the tests of the resolver write it. */
import type { Reply } from '../../src/model/look-up.ts';

export const says = (
  addresses: string[],
  rcode = 0,
  more: Partial<Extract<Reply, { kind: 'answer' }>> = {},
): Reply => ({
  kind: 'answer',
  rcode,
  truncated: false,
  lame: false,
  records: addresses.length,
  addresses,
  milliseconds: 1,
  ...more,
});

export const SILENCE: Reply = { kind: 'silence' };
