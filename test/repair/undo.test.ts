import { describe, expect, it } from 'vitest';
import type { Fix } from '../../src/model/fix.ts';
import { type About, apply } from '../../src/repair/apply.ts';
import { driftLines } from '../../src/repair/drift.ts';
import type { Entry } from '../../src/repair/journal/entry.ts';
import { Journal } from '../../src/repair/journal/journal.ts';
import { identity } from '../../src/repair/journal/place.ts';
import { type UndoOptions, undo } from '../../src/repair/undo.ts';
import { fix, lines } from './answers.ts';
import { World } from './world.ts';

const ABOUT: About = { cause: 'ip-forward-off', target: 'web', rollbackAfter: null };

async function applied(world: World, what: Fix, extra: Fix['apply'] = []): Promise<Entry> {
  const machine = world.machine();
  const made = await apply(machine, new Journal(machine), what, ABOUT, extra);
  expect(made.failure).toBeNull();
  return made.entry;
}

const undone = (world: World, entry: Entry, options?: UndoOptions) => {
  const machine = world.machine();
  return undo(machine, new Journal(machine), entry, identity(machine), options);
};

const current = (world: World, id = '1'): Entry => new Journal(world.machine()).get(id) as Entry;

describe('a change that was made', () => {
  it('is journalled with its way back, the state before and the one after', async () => {
    const entry = await applied(new World(), fix());
    expect(entry).toMatchObject({
      schema: 'netdoctor/journal/1',
      id: '1',
      boot: 'b00t',
      title: 'Turn IPv4 forwarding on',
      cause: 'ip-forward-off',
      target: 'web',
      status: 'applied',
      undo: [{ run: { argv: ['sysctl', '-w', 'net.ipv4.ip_forward=0'] } }],
      changes: [
        { before: { 'net.ipv4.ip_forward': '0' }, after: { 'net.ipv4.ip_forward': '1' }, status: 'applied' },
      ],
    });
  });

  it('is taken back, and taking it back again does nothing', async () => {
    const world = new World();
    const before = world.configuration();
    const entry = await applied(world, fix());
    expect(await undone(world, entry)).toMatchObject({ kind: 'undone', entry: { status: 'undone' } });
    expect(world.configuration()).toBe(before);
    const made = world.made.length;
    expect(await undone(world, current(world))).toMatchObject({ kind: 'nothing' });
    expect(world.made).toHaveLength(made);
  });

  it('is taken back exactly where the fix names another way back', async () => {
    const world = new World();
    world.chains.get('FORWARD')!.rules = ['-j LOG', '-i br0 -j DROP', '-j RETURN'];
    const before = world.configuration();
    const wrong = fix({
      apply: lines('iptables -t filter -D FORWARD 2'),
      undo: lines('iptables -t filter -A FORWARD -i br0 -j DROP'),
    });
    expect(await undone(world, await applied(world, wrong))).toMatchObject({ kind: 'undone' });
    expect(world.configuration()).toBe(before);
  });

  it('is taken back at once when one of its commands fails', async () => {
    const world = new World();
    const before = world.configuration();
    const machine = world.machine();
    const failing = fix({
      apply: lines('sysctl -w net.ipv4.ip_forward=1', 'iptables -t filter -D FORWARD 9'),
    });
    const { entry, failure } = await apply(machine, new Journal(machine), failing, ABOUT);
    expect(failure).toContain('Bad rule');
    expect(entry.status).toBe('failed');
    expect(world.configuration()).toBe(before);
  });

  it('is refused when what it touches cannot be read', async () => {
    const world = new World();
    const machine = world.machine();
    const unseen = fix({ apply: lines('sysctl -w net.ipv4.nowhere=1') });
    await expect(apply(machine, new Journal(machine), unseen, ABOUT)).rejects.toMatchObject({
      problem: { exit: 3, code: 'state-unreadable' },
    });
    expect(world.made).toEqual([]);
    expect(new Journal(machine).list().entries).toEqual([]);
  });
});

describe('a file', () => {
  const change = { file: '/etc/sysctl.d/90-netdoctor.conf', before: null, after: 'a = 1\n', mode: '0644' };

  it.each([
    ['that was not there is removed', null],
    ['comes back with its bytes, mode and owner', { text: '# é\r\nno newline', access: '640 0:4' }],
  ])('%s', async (_, present) => {
    const world = new World();
    if (present) world.files.set(change.file, { ...present });
    const before = world.configuration();
    const entry = await applied(world, fix({ apply: [], undo: [] }), [change]);
    expect(world.files.get(change.file)).toEqual({ text: 'a = 1\n', access: present?.access ?? '644 0:0' });
    expect(await undone(world, entry)).toMatchObject({ kind: 'undone' });
    expect(world.configuration()).toBe(before);
  });

  it('is written behind a link, which stays one', async () => {
    const world = new World();
    world.links.set(change.file, '../sysctl.real');
    world.files.set('/etc/sysctl.d/../sysctl.real', { text: 'x', access: '600 0:0' });
    await applied(world, fix({ apply: [], undo: [] }), [change]);
    expect(world.files.get('/etc/sysctl.d/../sysctl.real')?.text).toBe('a = 1\n');
    expect(world.files.has(change.file)).toBe(false);
  });

  it('is still put back after a reboot, and a running value is not touched', async () => {
    const world = new World();
    const entry = await applied(world, fix(), [change]);
    world.boot = 'an0ther';
    world.sysctls.set('net.ipv4.ip_forward', '1');
    expect(await undone(world, entry)).toMatchObject({ kind: 'undone' });
    expect(world.files.has(change.file)).toBe(false);
    expect(world.sysctls.get('net.ipv4.ip_forward')).toBe('1');
  });
});

describe('drift', () => {
  it('is told, and nothing is changed', async () => {
    const world = new World();
    const entry = await applied(world, fix({ apply: lines('sysctl -w net.ipv4.conf.br0.rp_filter=2') }));
    world.sysctls.set('net.ipv4.conf.br0.rp_filter', '1');
    const made = world.made.length;
    const result = await undone(world, entry);
    expect(result.kind).toBe('drift');
    expect(result.kind === 'drift' && result.drifts.flatMap(driftLines)).toEqual([
      'net.ipv4.conf.br0.rp_filter: net.ipv4.conf.br0.rp_filter is 1, and netdoctor left 2',
    ]);
    expect(world.made).toHaveLength(made);
    expect(current(world).status).toBe('applied');
  });

  it('gives way to force: a value goes back to what it was', async () => {
    const world = new World();
    const entry = await applied(
      world,
      fix({ apply: lines('sysctl -w net.ipv4.conf.br0.rp_filter=2'), undo: [] }),
    );
    world.sysctls.set('net.ipv4.conf.br0.rp_filter', '1');
    expect(await undone(world, entry, { force: true })).toMatchObject({ kind: 'undone' });
    expect(world.sysctls.get('net.ipv4.conf.br0.rp_filter')).toBe('0');
  });

  it('keeps what others wrote to the same chain, even by force', async () => {
    const world = new World();
    const open = fix({
      apply: lines('iptables -t filter -I FORWARD 1 -i br0 -j ACCEPT'),
      undo: lines('iptables -t filter -D FORWARD -i br0 -j ACCEPT'),
    });
    const entry = await applied(world, open);
    world.chains.get('FORWARD')!.rules.unshift('-s 203.0.113.0/24 -j DROP');
    expect(await undone(world, entry)).toMatchObject({ kind: 'drift' });
    expect(await undone(world, entry, { force: true })).toMatchObject({ kind: 'undone' });
    expect(world.chains.get('FORWARD')?.rules).toEqual(['-s 203.0.113.0/24 -j DROP']);
  });

  it('is none where somebody has already taken it back', async () => {
    const world = new World();
    const entry = await applied(world, fix());
    world.sysctls.set('net.ipv4.ip_forward', '0');
    const made = world.made.length;
    expect(await undone(world, entry)).toMatchObject({ kind: 'nothing', entry: { status: 'undone' } });
    expect(world.made).toHaveLength(made);
  });

  it('is seen after a crash in the middle, when nobody noted the state after', async () => {
    const world = new World();
    const entry = await applied(
      world,
      fix({ apply: lines('iptables -t filter -A FORWARD -i br0 -j ACCEPT') }),
    );
    const crashed: Entry = {
      ...entry,
      status: 'pending',
      changes: entry.changes.map((one) => ({ ...one, after: null, status: 'pending' })),
    };
    world.chains.get('FORWARD')!.rules.push('-s 203.0.113.0/24 -j DROP');
    expect(await undone(world, crashed)).toMatchObject({ kind: 'drift' });
  });
});

describe('what is not there any more', () => {
  it('is not undone in another host namespace', async () => {
    const world = new World();
    const entry = { ...(await applied(world, fix())), hostNamespace: 1 };
    const made = world.made.length;
    expect(await undone(world, entry)).toMatchObject({ kind: 'foreign' });
    expect(world.made).toHaveLength(made);
  });

  it('went with the reboot', async () => {
    const world = new World();
    const entry = await applied(world, fix());
    world.boot = 'an0ther';
    expect(await undone(world, entry)).toMatchObject({
      kind: 'nothing',
      because: expect.stringContaining('started again'),
    });
  });

  it('went with the container', async () => {
    const world = new World();
    const entry = await applied(world, fix());
    const [only] = entry.changes;
    const inside: Entry = {
      ...entry,
      changes: [
        {
          ...only!,
          apply: {
            run: {
              argv: ['sysctl', '-w', 'net.ipv4.ip_forward=1'],
              in: { inode: 9, path: '/run/netns/gone' },
            },
          },
        },
      ],
    };
    expect(await undone(world, inside)).toMatchObject({
      kind: 'nothing',
      because: expect.stringContaining('no longer'),
    });
  });
});

describe('the journal', () => {
  it('counts on from the highest id, and lists the oldest first', async () => {
    const world = new World();
    for (let round = 0; round < 11; round++) await applied(world, fix());
    const ids = new Journal(world.machine()).list().entries.map((entry) => entry.id);
    expect(ids).toEqual(Array.from({ length: 11 }, (_, index) => String(index + 1)));
  });

  it('tells a file that it cannot read instead of leaving it out', async () => {
    const world = new World();
    await applied(world, fix());
    world.files.set('/state/journal/000002.json', { text: '{"sch', access: '600 0:0' });
    world.files.set('/state/journal/000003.json', {
      text: '{"schema":"netdoctor/journal/9"}',
      access: '600 0:0',
    });
    const { entries, unreadable } = new Journal(world.machine()).list();
    expect(entries).toHaveLength(1);
    expect(unreadable.map((one) => one.because)).toEqual([
      'it is not JSON',
      'its schema is netdoctor/journal/9',
    ]);
    expect(new Journal(world.machine()).nextId()).toBe('4');
  });

  it('takes no file name for an id', () => {
    const journal = new Journal(new World().machine());
    for (const id of ['../../etc/passwd', '1.5', '-1', '', '9999999']) expect(journal.get(id)).toBeNull();
  });
});
