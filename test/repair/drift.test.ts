import { describe, expect, it } from 'vitest';
import { known } from '../../src/model/answer.ts';
import { run } from '../../src/model/fix.ts';
import { standing } from '../../src/repair/drift.ts';
import type { Entry, JournalChange } from '../../src/repair/journal/entry.ts';
import type { State } from '../../src/repair/state.ts';
import { subjectOf } from '../../src/repair/subjects.ts';

const change = (argv: string, before: State, after: State | null): JournalChange => ({
  apply: run(argv.split(' ') as [string, ...string[]]),
  what: argv,
  before,
  expected: null,
  after,
  status: 'applied',
});

function kind(one: JournalChange, now: State, status: Entry['status'] = 'applied') {
  const entry = { status, changes: [one] } as unknown as Entry;
  return standing(entry, one, { change: one.apply, subject: subjectOf(one.apply), state: known(now, []) })
    .kind;
}

describe('a neighbour that traffic had taught the kernel', () => {
  const learned = '10.0.0.1 dev eth0 lladdr 02:00:00:00:00:01 STALE';
  const forgotten = change(
    'ip neigh del 10.0.0.1 dev eth0',
    { entries: '', '?learned': learned },
    { entries: '' },
  );

  it('is put back where a fix made the kernel forget it', () => {
    expect(kind(forgotten, { entries: '', '?learned': '' })).toBe('made');
    const another = '10.0.0.1 dev eth0 lladdr 02:00:00:00:00:02 REACHABLE';
    expect(kind(forgotten, { entries: '', '?learned': another })).toBe('made');
  });

  it('is there again, in whatever state, and then nothing is to be done', () => {
    const again = learned.replace('STALE', 'REACHABLE');
    const unplugged = change('ip neigh del 10.0.0.1 dev eth0', { entries: '', '?learned': learned }, null);
    expect(kind(unplugged, { entries: '', '?learned': again })).toBe('before');
  });

  it('is drift where somebody wrote an entry of their own since', () => {
    const fixed = '10.0.0.1 dev eth0 lladdr 02:00:00:00:00:03 PERMANENT';
    expect(kind(forgotten, { entries: fixed, '?learned': '' })).toBe('drift');
  });
});

describe('a thing that looks as before after the fix', () => {
  const state: State = { exists: 'yes', master: 'br0' };
  const replug = change('ip link set vetha master br0', state, state);

  it('is as netdoctor left it, so that the whole way back is gone', () => {
    expect(kind(replug, state)).toBe('made');
  });

  it('is as before where netdoctor was killed before it could look, or while it took it back', () => {
    expect(kind({ ...replug, after: null }, state)).toBe('before');
    expect(kind(replug, state, 'undoing')).toBe('before');
  });
});
