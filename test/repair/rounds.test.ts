import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { nobody } from '../../src/repair/bystanders.ts';
import { Journal } from '../../src/repair/journal/journal.ts';
import type { RepairEvent, RepairRequest } from '../../src/repair/request.ts';
import { MOST_ROUNDS, repair } from '../../src/repair/rounds.ts';
import { diagnosis, faultWith, fix, healthy, lines } from './answers.ts';
import { World } from './world.ts';

const key = 'net.ipv4.ip_forward';
const forwarding = fix();
const policy = fix({
  title: 'Accept',
  apply: lines('iptables -t filter -P FORWARD ACCEPT'),
  undo: lines('iptables -t filter -P FORWARD DROP'),
});
const useless = fix({
  id: '2',
  apply: lines('sysctl -w net.ipv4.conf.br0.rp_filter=2'),
  undo: lines('sysctl -w net.ipv4.conf.br0.rp_filter=0'),
});

/** Two faults, one behind the other: the answer follows from the world, as a real one does. */
function twoFaults(): { world: World; ask: () => Promise<Diagnosis> } {
  const world = new World();
  world.chains.get('FORWARD')!.policy = 'DROP';
  const ask = async () =>
    world.sysctls.get(key) === '0'
      ? faultWith('ip-forward-off', useless, forwarding)
      : world.chains.get('FORWARD')?.policy === 'DROP'
        ? faultWith('forward-policy-drop', policy)
        : healthy();
  return { world, ask };
}

async function run(world: World, ask: () => Promise<Diagnosis>, about: Partial<RepairRequest> = {}) {
  const events: RepairEvent[] = [];
  const result = await repair(await ask(), {
    machine: world.machine(),
    ask,
    allowed: 'disruptive',
    persist: false,
    dryRun: false,
    rollbackAfter: null,
    settling: 0,
    bystanders: async () => nobody,
    agree: async () => true,
    tell: (event) => events.push(event),
    startRollback: () => {},
    ...about,
  });
  return { ...result, events, kinds: events.map((event) => event.type) };
}

const statuses = (world: World) => new Journal(world.machine()).list().entries.map((entry) => entry.status);

describe('repair', () => {
  it('peels two faults, keeps what helped and takes back what did not', async () => {
    const { world, ask } = twoFaults();
    const { repairs, last } = await run(world, ask);
    expect(last.status).toBe('healthy');
    expect(repairs).toEqual([
      { fix: '2', journal: '1', before: 'fault', after: 'fault', kept: false },
      { fix: '1', journal: '2', before: 'fault', after: 'fault', kept: true },
      { fix: '1', journal: '3', before: 'fault', after: 'healthy', kept: true },
    ]);
    expect(world.sysctls.get('net.ipv4.conf.br0.rp_filter')).toBe('0');
    expect(statuses(world)).toEqual(['undone', 'verified', 'verified']);
  });

  /** The first of two faults has a fix, the second has none. */
  const half = () => {
    const { world } = twoFaults();
    const ask = async () =>
      world.sysctls.get(key) === '0' ? faultWith('ip-forward-off', forwarding) : faultWith('no-way-out');
    return { world, ask };
  };

  it('leaves the host as it found it where it does not work in the end', async () => {
    const { world, ask } = half();
    const before = world.configuration();
    const { repairs, last, kinds } = await run(world, ask);
    expect(world.configuration()).toBe(before);
    expect(last.cause).toBe('ip-forward-off');
    expect(repairs).toEqual([
      expect.objectContaining({ fix: '1', kept: false, because: expect.stringContaining('in the end') }),
    ]);
    expect(kinds).toEqual(['offer', 'applied', 'judged', 'returned']);
    expect(statuses(world)).toEqual(['undone']);
  });

  it('keeps half a repair where it is told to', async () => {
    const { world, ask } = half();
    const { repairs, last } = await run(world, ask, { keepPartial: true });
    expect(world.sysctls.get(key)).toBe('1');
    expect(last.cause).toBe('no-way-out');
    expect(repairs.map(({ kept }) => kept)).toEqual([true]);
    expect(statuses(world)).toEqual(['verified']);
  });

  it('takes back what cuts others off, and tries the next', async () => {
    const world = new World();
    const before = world.configuration();
    const ask = async () =>
      world.chains.get('FORWARD')?.rules.length || world.sysctls.get(key) === '1'
        ? healthy()
        : faultWith('x', forwarding, { ...accepting, id: '2' });
    const accepting = fix({
      apply: lines('iptables -t filter -A FORWARD -s 10.0.0.2 -j ACCEPT'),
      undo: lines('iptables -t filter -D FORWARD -s 10.0.0.2 -j ACCEPT'),
    });
    const around = {
      count: 1,
      lost: async () => (world.sysctls.get(key) === '1' ? ['B → 10.88.0.1'] : []),
    };
    const { repairs, events } = await run(world, ask, { bystanders: async () => around });
    expect(repairs).toEqual([
      expect.objectContaining({
        fix: '1',
        after: 'healthy',
        kept: false,
        because: 'no longer answered: B → 10.88.0.1',
      }),
      expect.objectContaining({ fix: '2', after: 'healthy', kept: true }),
    ]);
    expect(world.configuration()).not.toBe(before);
    expect(world.sysctls.get(key)).toBe('0');
    expect(events.filter(({ type }) => type === 'judged')).toMatchObject([
      { judgement: 'harmful' },
      { judgement: 'healthy' },
    ]);
  });

  it('asks after the next change also those whom the one before it has made reachable', async () => {
    const { world, ask } = twoFaults();
    // B is answered once packets are forwarded, and no longer once the policy accepts.
    const reached = () => world.sysctls.get(key) === '1' && world.chains.get('FORWARD')!.policy === 'DROP';
    const asked: Diagnosis[] = [];
    const { repairs } = await run(world, ask, {
      keepPartial: true,
      bystanders: async (seen) => {
        asked.push(seen);
        const answered = reached() ? ['B → 10.88.0.1'] : [];
        return { count: answered.length, lost: async () => (reached() ? [] : answered) };
      },
    });
    expect(asked).toHaveLength(2);
    expect(repairs.at(-1)).toMatchObject({ kept: false, because: 'no longer answered: B → 10.88.0.1' });
    expect(repairs.filter(({ kept }) => kept)).toHaveLength(1);
  });

  it('asks nobody around where no fix may be made', async () => {
    const { world, ask } = twoFaults();
    let asked = 0;
    const around = async () => {
      asked++;
      return nobody;
    };
    expect((await run(world, ask, { bystanders: around, allowed: 'safe', only: '9' })).repairs).toEqual([]);
    expect(asked).toBe(0);
    await run(world, ask, { bystanders: around });
    expect(asked).toBeGreaterThan(0);
  });

  it('goes nowhere twice', async () => {
    const world = new World();
    // Each fix leads to the other's fault.
    const ask = async () =>
      world.sysctls.get(key) === '0'
        ? faultWith('one', forwarding)
        : faultWith('other', fix({ apply: lines('sysctl -w net.ipv4.ip_forward=0') }));
    const { repairs } = await run(world, ask);
    expect(repairs.map(({ kept }) => kept)).toEqual([false, false]);
    expect(world.sysctls.get(key)).toBe('0');
  });

  it('gives the network a second look before it takes a fix back', async () => {
    const world = new World();
    const answers = [faultWith('x', forwarding), faultWith('x', forwarding), healthy()];
    const { repairs } = await run(world, async () => answers.shift() ?? healthy());
    expect(repairs).toEqual([{ fix: '1', journal: '1', before: 'fault', after: 'healthy', kept: true }]);
  });

  it('does nothing on a dry run, and shows what it would do', async () => {
    const { world, ask } = twoFaults();
    const { repairs, events } = await run(world, ask, { dryRun: true, persist: true });
    expect(repairs).toEqual([]);
    expect(world.made).toEqual([]);
    expect(statuses(world)).toEqual([]);
    expect(events[0]).toMatchObject({ type: 'offer', extra: [{ file: '/etc/sysctl.d/90-netdoctor.conf' }] });
  });

  it('stops where nobody agrees', async () => {
    const { world, ask } = twoFaults();
    const { repairs } = await run(world, ask, { agree: async () => false });
    expect(repairs).toEqual([]);
    expect(world.made).toEqual([]);
  });

  it('leaves what is not safe alone, with why', async () => {
    const world = new World();
    const ask = async () =>
      faultWith('x', fix({ risk: 'disruptive' }), fix({ id: '2', risk: 'dangerous', apply: useless.apply }));
    const { events } = await run(world, ask, { allowed: 'safe' });
    expect(events.map((event) => event.type === 'refused' && event.because)).toEqual([
      expect.stringContaining('--fix=disruptive'),
      expect.stringContaining('dangerous'),
    ]);
    expect(world.made).toEqual([]);
    const { repairs } = await run(world, ask, { allowed: 'disruptive' });
    expect(repairs.map((one) => one.fix)).toEqual(['1']);
  });

  it('makes the one fix that a person names, also of a warning, and no other', async () => {
    const { world, ask } = twoFaults();
    const { repairs } = await run(world, ask, { only: '1', keepPartial: true });
    expect(repairs).toEqual([{ fix: '1', journal: '1', before: 'fault', after: 'fault', kept: true }]);
    const warned = faultWith('x', forwarding);
    const warning = {
      ...warned,
      findings: warned.findings.map((one) => ({ ...one, severity: 'warning' as const })),
    };
    expect((await run(new World(), async () => warning, { only: '1' })).kinds).toContain('applied');
    expect((await run(new World(), async () => warning, { only: '9' })).kinds).toEqual([]);
  });

  it('makes a dangerous fix only where somebody has its name typed', async () => {
    const dangerous = fix({ risk: 'dangerous', confirm: 'docker0' });
    const ask = async () => faultWith('x', dangerous);
    const typing = (typed: string): Partial<RepairRequest> => ({
      allowed: 'dangerous',
      typeName: async () => typed,
    });
    expect((await run(new World(), ask, { allowed: 'disruptive' })).kinds).toEqual(['refused']);
    expect((await run(new World(), ask, typing(' docker0 '))).kinds).toContain('applied');
    // `agree` says yes to everything here, and that is not enough.
    for (const about of [typing('docker1'), typing('yes'), typing(''), { allowed: 'dangerous' } as const]) {
      const world = new World();
      expect((await run(world, ask, about)).kinds).toEqual(['offer', 'refused']);
      expect(world.made).toEqual([]);
    }
  });

  it('calls nothing safe that it could not put back exactly', async () => {
    const world = new World();
    const { kinds } = await run(
      world,
      async () => faultWith('x', fix({ apply: lines('systemctl restart docker') })),
      { allowed: 'safe' },
    );
    expect(kinds).toEqual(['refused']);
  });

  it('goes on after a fix that fails', async () => {
    const world = new World();
    const broken = fix({ apply: lines('iptables -t filter -D FORWARD 7') });
    const { kinds, last } = await run(world, async () =>
      world.sysctls.get(key) === '1' ? healthy() : faultWith('x', broken, { ...forwarding, id: '2' }),
    );
    expect(kinds).toEqual(['offer', 'failed', 'offer', 'applied', 'judged']);
    expect(last.status).toBe('healthy');
    expect(statuses(world)).toEqual(['failed', 'verified']);
  });

  it('ends after ten rounds', async () => {
    const world = new World();
    let asked = 0;
    const ask = async () => {
      asked++;
      return faultWith(
        `cause-${asked}`,
        fix({ apply: lines(`iptables -t filter -A FORWARD -s 10.0.0.${asked} -j ACCEPT`) }),
      );
    };
    const before = world.configuration();
    const { repairs } = await run(world, ask);
    expect(repairs).toHaveLength(MOST_ROUNDS);
    expect(world.configuration()).toBe(before);
  });

  it('takes back what it made when asking again fails', async () => {
    const world = new World();
    const before = world.configuration();
    let first = true;
    const ask = async () => {
      if (!first) throw new Error('the container is gone');
      first = false;
      return faultWith('x', forwarding);
    };
    await expect(run(world, ask)).rejects.toThrow('the container is gone');
    expect(world.configuration()).toBe(before);
    expect(statuses(world)).toEqual(['undone']);
  });

  it('takes back everything of this run when it is interrupted', async () => {
    const { world, ask } = twoFaults();
    const before = world.configuration();
    const stop = new AbortController();
    const tell = (event: RepairEvent) => {
      if (event.type === 'judged' && event.kept) stop.abort(new Error('SIGINT'));
    };
    await expect(run(world, ask, { signal: stop.signal, tell })).rejects.toThrow('SIGINT');
    expect(world.configuration()).toBe(before);
    expect(new Set(statuses(world))).toEqual(new Set(['undone']));
  });

  it('lets one netdoctor at a time change the host', async () => {
    const world = new World();
    world.holder = 4242;
    const ask = async () => faultWith('x', forwarding);
    await expect(run(world, ask)).rejects.toMatchObject({
      problem: { exit: 3, code: 'another-repair', message: expect.stringContaining('4242') },
    });
    expect(world.made).toEqual([]);
  });

  it('starts the rollback timer when the journal has the change and nothing is changed yet', async () => {
    const world = new World();
    const seen: unknown[] = [];
    await run(world, async () => (world.sysctls.get(key) === '1' ? healthy() : faultWith('x', forwarding)), {
      rollbackAfter: 30,
      startRollback: (entry) => void seen.push([entry.rollback?.seconds, world.made.length, statuses(world)]),
    });
    expect(seen).toEqual([[30, 0, ['pending']]]);
  });

  it('only warns where nothing stops the packets', async () => {
    const world = new World();
    const warning = diagnosis({
      findings: [
        { cause: 'x', severity: 'warning', what: 'w', why: 'y.', do: 'd.', owner: null, fixes: [forwarding] },
      ],
    });
    expect((await run(world, async () => warning)).kinds).toEqual([]);
  });
});
