// The table of drop reasons against the list of the running kernel: a reason without a sentence fails.
import { expect, test } from 'vitest';
import { localMachine } from '../../src/host/local.ts';
import { dropMeanings, SAYS_NOTHING } from '../../src/kernel/drop-reason.ts';

test('every reason of the running kernel has its sentence', () => {
  const machine = localMachine();
  const root = machine.tracefs();
  if (!root.known) throw new Error(root.detail);
  const format = machine.read(`${root.value}/events/skb/kfree_skb/format`);
  if (!format.known) throw new Error(format.detail);
  const reasons = [...format.value.matchAll(/\{ \w+, "(\w+)" \}/g)].map(([, name]) => name!);
  expect(reasons.length).toBeGreaterThan(20);
  expect(reasons.filter((name) => !SAYS_NOTHING.test(name) && !Object.hasOwn(dropMeanings, name))).toEqual(
    [],
  );
});
