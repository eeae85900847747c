// What is made of probes that were all answered: by a name that one library alone resolves, and by connections nobody took.
import { describe, expect, it } from 'vitest';
import { reach } from '../../src/engine/verdict.ts';
import type { Machine } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { LookUp, Outcome } from '../../src/model/look-up.ts';
import type { Untaken } from '../../src/model/untaken.ts';
import { healthy } from '../causes/scene.ts';
import { SILENCE, says } from '../resolver/replies.ts';

/** A machine that tells nothing. */
const silent = new Proxy({} as Machine, {
  get: (_, name) => (name === 'env' ? {} : () => notKnown('unreadable', 'nobody tells', [])),
});

function of({ pid = null as number | null, result = {}, lookUp = undefined as LookUp | undefined } = {}) {
  const { target, flow, path, stacks, sightings, outcomes, captured } = healthy('outside', 4);
  const seen = {
    sightings,
    passages: [],
    outer: [],
    unwatched: [],
    captured,
    outcomes,
    drops: known([], []),
    steps: [],
  };
  const none = {
    size: null,
    exchange: null,
    untaken: null,
    gaps: [],
    unsent: 0,
    filled: null,
    hits: known([], []),
  };
  return {
    target: { ...target, pid },
    flow: { ...flow, proto: 'tcp', port: 80, to: 'db.prod:80' },
    path,
    stacks,
    control: null,
    lookUp,
    result: { ...seen, ...none, lostSight: null, ...result },
  } as unknown as Parameters<typeof reach>[1];
}

const outcome = (library: 'glibc' | 'musl', addresses: string[]): Outcome => ({
  library,
  addresses,
  error: addresses.length > 0 ? null : 'no-such-name',
  source: addresses.length > 0 ? 'dns' : null,
  asked: addresses.length > 0 ? 'db.prod.corp.example' : null,
  waited: 0,
  questions: [{ server: '198.51.100.53', name: 'db.prod', type: 'A', transport: 'udp' }],
});

const parted = (bare: boolean): LookUp => ({
  ...healthy('outside', 4).lookUp,
  name: 'db.prod',
  bare,
  outcomes: [outcome('glibc', ['198.51.100.1']), outcome('musl', [])],
});

describe('a name that musl does not resolve', () => {
  it('is a fault in a namespace that has programs of all kinds', async () => {
    const { status, claims } = await reach(silent, of({ lookUp: parted(true) }));
    expect(status).toBe('fault');
    expect(claims.map(({ cause }) => cause.id)).toEqual(['dns-libraries-differ']);
  });

  it('is a warning where nobody can tell which library the programs of an image carry', async () => {
    const { status, claims } = await reach(silent, of({ pid: 4242, lookUp: parted(false) }));
    expect(status).toBe('healthy');
    expect(claims.map(({ cause }) => cause.id)).toEqual(['dns-libraries-differ']);
  });
});

describe('connections that were opened', () => {
  const untaken: Untaken = { kind: 'accept', connections: 3, of: 3, waited: 2000, takers: [] };

  it('and that no program took are a fault at the far end', async () => {
    const taker = { address: '0.0.0.0', port: 80, inode: 1, waiting: 3, most: 64, stuck: true, holders: [] };
    const { status, claims, scene } = await reach(
      silent,
      of({ result: { untaken: { ...untaken, takers: [taker] } } }),
    );
    expect(status).toBe('fault');
    expect(claims.map(({ cause }) => cause.id)).toEqual(['listener-stuck']);
    expect(scene.place).toMatchObject({ direction: 'request', index: scene.path.hops.length });
  });

  it('and of which nobody could see whether one would are not called well', async () => {
    const gap = { of: 'taking', what: 'whether the program takes connections', because: 'the time was up' };
    const { status, unknown } = await reach(silent, of({ result: { gaps: [gap] } }));
    expect(status).toBe('undecided');
    expect(unknown[0]?.what).toBe(gap.what);
  });
});

describe('a name server that is heard by TCP alone', () => {
  const question = { server: '198.51.100.53', name: 'web.example', type: 'A' } as const;
  const lookUp = {
    ...healthy('outside', 4).lookUp,
    outcomes: [{ ...outcome('glibc', []), questions: [{ ...question, transport: 'udp' }] }],
    asked: [{ ...question, transport: 'udp', reply: SILENCE }],
    shapes: [{ ...question, transport: 'tcp', reply: says(['198.51.100.1']) }],
  } as unknown as LookUp;

  /** What is told where nothing came back, and these interfaces were watched. */
  async function told(captured: ReadonlySet<string>) {
    const { sightings, path, flow } = healthy('outside', 4);
    const asked = sightings.filter(({ kind, hop }) => kind === 'request' && captured.has(hop));
    const last = path.hops.at(-1)!.id;
    const steps = [{ probe: 0, direction: 'request', hop: last, event: 'net_dev_start_xmit' }];
    const given = of({
      lookUp,
      result: {
        sightings: asked,
        captured,
        outcomes: [{ probe: 0, result: 'silent', microseconds: null, errno: null, says: null }],
        steps,
        partlyBlind: [],
        blind: new Map(),
      },
    });
    const to = '198.51.100.53';
    return reach(silent, {
      ...given,
      flow: { ...flow, proto: 'dns', port: 53, to, address: to },
    } as never);
  }

  it('is silent where its answers would have been seen, and open where nobody looked', async () => {
    const all = healthy('outside', 4).captured as ReadonlySet<string>;
    const { status, claims } = await told(all);
    expect([status, ...claims.map(({ cause }) => cause.id)]).toEqual([
      'fault',
      'dns-resolver-silent',
      'dns-udp-blocked',
    ]);
    expect(await told(new Set())).toMatchObject({ status: 'undecided', claims: [] });
  });
});
