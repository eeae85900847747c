import { describe, expect, it } from 'vitest';
import { judge } from '../../src/engine/judge.ts';
import type { BrokenExchange } from '../../src/model/scene.ts';
import { examine } from './examine.ts';
import { healthy, type Lab, lostAt, silent } from './scene.ts';

/** Data that did not come through on a way whose handshakes were answered. */
function broken(lab: Lab, about: Partial<BrokenExchange>): Lab {
  lab.flow = { ...lab.flow, proto: 'tcp', port: 80 };
  const exchange = {
    speech: 'http',
    over: 0,
    probe: 6,
    says: null,
    waited: 700,
    certificate: null,
    ttl: null,
  };
  (lab as { exchange?: unknown }).exchange = { ...exchange, result: 'lost', ...about };
  return lab;
}

describe('data-lost-beyond', () => {
  it('is what nobody acknowledged though it left this host', () => {
    const claim = examine('data-lost-beyond', broken(silent(healthy()), {}));
    expect(claim).toMatchObject({ sure: 'proved' });
    expect(claim?.why).toContain('for 700 ms nobody acknowledged it');
  });

  it('is not claimed of data that this host lost, nor of a handshake', () => {
    expect(examine('data-lost-beyond', broken(lostAt(healthy(), 3), {}))).toBeNull();
    expect(examine('data-lost-beyond', silent(healthy()))).toBeNull();
  });
});

describe('an answer of which only what stands behind a gap came', () => {
  const gap = { missing: 4096, longest: 1091, full: 1500, isOfFull: true, isPinged: false };
  const answer = (about: Partial<typeof gap>): Lab => {
    const lab = broken(lostAt(healthy(), 4, 'reply'), { gap: { ...gap, ...about } });
    (lab as { bigProbe?: unknown }).bigProbe = null;
    return lab;
  };

  it('is a black hole where full segments are missing and shorter ones came', () => {
    const claim = examine('mtu-black-hole', answer({}));
    expect(claim).toMatchObject({ sure: 'supported' });
    expect(claim?.why).toMatch(/first 4096 bytes.*segment of 1091 bytes.*packets of up to 1500 bytes/);
    expect(examine('data-lost-beyond', answer({}))).toBeNull();
  });

  it('is lost data where a ping of that length passes, or lengths tell nothing', () => {
    for (const about of [{ isPinged: true }, { isOfFull: false }]) {
      expect(examine('mtu-black-hole', answer(about))).toBeNull();
      expect(examine('data-lost-beyond', answer(about))).toMatchObject({ sure: 'proved' });
    }
    expect(examine('data-lost-beyond', answer({ isPinged: true }))?.why).toContain('A ping of 1500 bytes');
  });
});

describe('reset-on-the-way', () => {
  const reset = (ttl: BrokenExchange['ttl']): Lab => broken(silent(healthy()), { result: 'reset', ttl });

  it('is a reset that has come another way than the answer to the handshake', () => {
    const claim = examine('reset-on-the-way', reset({ handshake: 57, reset: 62 }));
    expect(claim?.why).toContain('57');
    expect(claim?.why).toContain('62');
  });

  it('is not claimed where both came alike, or one was not seen', () => {
    expect(examine('reset-on-the-way', reset({ handshake: 57, reset: 57 }))).toBeNull();
    expect(examine('reset-on-the-way', reset(null))).toBeNull();
  });
});

it('of lost data only that is asked which may tell it from a handshake', () => {
  const { claims } = judge(broken(silent(healthy()), {}) as never, {});
  expect(claims.map(({ cause }) => cause.id)).toEqual(['data-lost-beyond']);
});
