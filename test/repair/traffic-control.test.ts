import { expect, it } from 'vitest';
import { filterRow } from '../../src/repair/observe/traffic-control.ts';

// As iproute2 6.1 lists one filter of the qdisc ingress, by whichever parent it was made and is asked for.
it('takes a filter for the same by whichever name of its parent it was put back', () => {
  const rest =
    'protocol all pref 1 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 *flowid 1:1 not_in_hw ';
  const rows = ['filter parent ffff: ', 'filter ingress ', 'filter '].map((begin) => filterRow(begin + rest));
  expect(new Set(rows).size).toBe(1);
  expect(filterRow(`filter parent 1: ${rest}`)).not.toBe(rows[0]);
});
