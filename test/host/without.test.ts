// A machine without a witness says so: what the exam takes away is unknown, never empty.
import { expect, test } from 'vitest';
import { without, witnesses } from '../../src/host/without.ts';
import { known } from '../../src/model/answer.ts';
import type { Netns } from '../../src/model/netns.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

test('each witness can be taken away, and nothing by another name', () => {
  expect(witnesses).toContain('reasons-and-functions');
  const machine = fakeMachine({});
  expect(without({ ...machine, tracefs: () => known('/t', []) }, 'trace').tracefs()).toMatchObject({
    known: false,
  });
  expect(without(machine, 'nothing').run).toBe(machine.run);
});

test('a drop told by halves', () => {
  const lines: string[] = [];
  const follow = (_: string, onLine: (line: string) => void) => {
    onLine('kfree_skb: skbaddr=1 location=ip_error+0x94/0x210 reason: IP_INADDRERRORS');
    return known({ stop() {} }, []);
  };
  without({ ...fakeMachine({}), follow }, 'reasons-and-functions').follow('trace_pipe', (line) =>
    lines.push(line),
  );
  expect(lines).toEqual(['kfree_skb: skbaddr=1 location=00000000f49a23da']);
});

test('of namespaces the first that is looked into is the target’s, and the others keep their state to themselves', async () => {
  const netns = (inode: number): Netns => ({ path: `/run/netns/${inode}`, inode }) as Netns;
  const run = async () => known({ code: 0, stdout: '', stderr: '' }, []);
  const machine = without({ ...fakeMachine({}), run, self: netns(1) }, 'elsewhere');
  const looks = [undefined, netns(1), netns(7), netns(8), netns(7), netns(1)].map((where) =>
    machine.run({ argv: ['ip', 'link'], ...(where ? { in: where } : {}) }),
  );
  const isKnown = (await Promise.all(looks)).map((answer) => answer.known);
  expect(isKnown).toEqual([true, true, true, false, true, true]);
});
