/** A SIGKILL between any two calls to the machine: the journal must know of every change, and undo must find its way. */
import { expect, it } from 'vitest';
import type { Machine } from '../../src/host/machine.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { nobody } from '../../src/repair/bystanders.ts';
import { stands } from '../../src/repair/journal/entry.ts';
import { Journal } from '../../src/repair/journal/journal.ts';
import { identity } from '../../src/repair/journal/place.ts';
import { repair } from '../../src/repair/rounds.ts';
import { undo } from '../../src/repair/undo.ts';
import { faultWith, fix, healthy, lines } from './answers.ts';
import { Killed, mortal, STATE, World } from './world.ts';

const SEVERAL = fix({
  apply: lines(
    'sysctl -w net.ipv4.ip_forward=1',
    'iptables -t filter -I FORWARD 2 -i br0 -j ACCEPT',
    'iptables -t filter -D INPUT 1',
    'iptables -t filter -P FORWARD DROP',
  ),
  undo: lines(
    'iptables -t filter -P FORWARD ACCEPT',
    'iptables -t filter -I INPUT 1 -s 10.0.0.1/32 -j DROP',
    'iptables -t filter -D FORWARD -i br0 -j ACCEPT',
    'sysctl -w net.ipv4.ip_forward=0',
  ),
  persist: [
    {
      file: '/etc/sysctl.d/90-netdoctor.conf',
      before: null,
      after: 'net.ipv4.ip_forward = 1\n',
      mode: '0644',
    },
  ],
});

function broken(): World {
  const world = new World();
  world.chains.get('FORWARD')!.rules = ['-o br0 -j ACCEPT', '-j LOG'];
  world.chains.get('INPUT')!.rules = ['-s 10.0.0.1/32 -j DROP', '-i lo -j ACCEPT'];
  world.files.set('/etc/sysctl.d/90-netdoctor.conf', { text: '# mine\nvm.swappiness=7', access: '640 0:4' });
  return world;
}

const mend = (machine: Machine, after: Diagnosis) =>
  repair(faultWith('ip-forward-off', SEVERAL), {
    bystanders: async () => nobody,
    machine,
    ask: async () => after,
    allowed: 'disruptive',
    persist: true,
    dryRun: false,
    rollbackAfter: null,
    settling: 0,
    agree: async () => true,
    tell: () => {},
    startRollback: () => {},
  });

/** Calls a whole repair makes. */
async function length(after: Diagnosis): Promise<number> {
  const { machine, calls } = mortal(broken().machine(), Number.POSITIVE_INFINITY, 'before');
  await mend(machine, after);
  return calls();
}

const ENDS = [
  ['that helps', healthy()],
  ['that does not help', faultWith('ip-forward-off', SEVERAL)],
] as const;

it.each(ENDS)('is never unknown to the journal: a fix %s', async (_, after) => {
  const whole = await length(after);
  expect(whole).toBeGreaterThan(40);
  let standing = 0;
  for (let at = 1; at <= whole; at++)
    for (const when of ['before', 'after'] as const) {
      const world = broken();
      const before = world.configuration();
      await expect(mend(mortal(world.machine(), at, when).machine, after)).rejects.toThrow(Killed);
      // The kernel has released the lock of the dead process.
      world.holder = null;
      const machine = world.machine();
      const journal = new Journal(machine);
      const { entries, unreadable } = journal.list();
      expect(unreadable).toEqual([]);
      const changed = world.configuration() !== before;
      if (changed) {
        standing++;
        expect(entries.filter(stands), `killed ${when} call ${at}`).toHaveLength(1);
      }
      for (const entry of entries.filter(stands)) {
        const result = await undo(machine, journal, entry, identity(machine));
        expect(result.kind, `killed ${when} call ${at}: ${JSON.stringify(result)}`).toMatch(
          /^(undone|nothing)$/,
        );
      }
      expect(world.configuration(), `killed ${when} call ${at}`).toBe(before);
      expect(journal.list().entries.some(stands)).toBe(false);
    }
  // Otherwise the test has killed it only where nothing stood.
  expect(standing).toBeGreaterThan(15);
});

it('is found out when undo itself is killed', async () => {
  const whole = await length(healthy());
  for (let at = 1; at < whole; at++) {
    const world = broken();
    const before = world.configuration();
    await mend(world.machine(), healthy());
    const [entry] = new Journal(world.machine()).list().entries;
    const dying = mortal(world.machine(), at, 'after').machine;
    const survived = await undo(dying, new Journal(dying), entry!, identity(world.machine())).then(
      () => true,
      () => false,
    );
    const journal = new Journal(world.machine());
    const again = await undo(world.machine(), journal, journal.get('1')!, identity(world.machine()));
    expect(again.kind).toMatch(/^(undone|nothing)$/);
    expect(world.configuration(), `killed at call ${at}`).toBe(before);
    if (survived) return;
  }
  throw new Error('the undo never came to its end');
});

it('changes nothing when the journal cannot be written', async () => {
  for (const [errno, words] of [
    ['ENOSPC', 'the disk is full'],
    ['EROFS', 'read-only'],
    ['EACCES', 'permission denied'],
  ] as const) {
    const world = broken();
    const before = world.configuration();
    world.refused = { path: STATE, errno, after: 0 };
    await expect(mend(world.machine(), healthy())).rejects.toMatchObject({
      problem: { exit: 3, code: 'journal-unwritable', message: expect.stringContaining(words) },
    });
    expect(world.made).toEqual([]);
    expect(world.configuration()).toBe(before);
  }
});

it('leaves nothing behind that the journal does not know when the disk fills up in between', async () => {
  const ends: string[] = [];
  for (let after = 1; after < 12; after++)
    for (const answer of [healthy(), faultWith('ip-forward-off', SEVERAL)]) {
      const world = broken();
      const before = world.configuration();
      world.refused = { path: STATE, errno: 'ENOSPC', after };
      const end = await mend(world.machine(), answer).then(
        ({ repairs }) => (repairs[0]?.kept ? 'kept' : 'taken back'),
        (error: Error) => error.message,
      );
      ends.push(end);
      const standing = new Journal(world.machine()).list().entries.filter(stands);
      if (end === 'kept') expect(standing).toHaveLength(1);
      else expect(world.configuration(), `full after ${after} writes`).toBe(before);
    }
  expect(new Set(ends)).toContain('kept');
  expect(new Set(ends)).toContain('taken back');
  expect(ends[0]).toContain('disk is full');
});
