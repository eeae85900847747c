import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edits } from '../../src/repair/edits.ts';

const carryOut = (list: readonly string[], all: ReturnType<typeof edits>): string[] => {
  const now = [...list];
  for (const edit of all)
    if ('remove' in edit) expect(now.splice(edit.at, 1)).toEqual([edit.remove]);
    else now.splice(edit.at, 0, edit.insert);
  return now;
};

const rules = fc.array(fc.constantFrom<string>('a', 'b', 'c', 'd'), { maxLength: 12 });

describe('edits', () => {
  it('lead from any list to any other', () => {
    fc.assert(
      fc.property(rules, rules, (now, wanted) => {
        expect(carryOut(now, edits(now, wanted))).toEqual(wanted);
      }),
    );
  });

  it('touch nothing but what differs', () => {
    expect(edits(['a', 'b', 'c'], ['a', 'c'])).toEqual([{ remove: 'b', at: 1 }]);
    expect(edits(['a', 'c'], ['a', 'b', 'c'])).toEqual([{ insert: 'b', at: 1 }]);
    expect(edits(['a', 'b'], ['a', 'b'])).toEqual([]);
  });

  it('put one of several equal rules back with one insertion', () => {
    expect(edits(['x', 'x', 'y'], ['x', 'x', 'x', 'y'])).toHaveLength(1);
  });

  it('are the fewest', () => {
    fc.assert(
      fc.property(rules, fc.nat(12), fc.constantFrom('n', 'm'), (list: string[], at, rule) => {
        const longer = list.toSpliced(at, 0, rule);
        expect(edits(list, longer)).toHaveLength(1);
        expect(edits(longer, list)).toHaveLength(1);
      }),
    );
  });
});
