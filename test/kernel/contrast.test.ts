import { describe, expect, test } from 'vitest';
import { contrasts, contrastWords, decisive, type Leaving } from '../../src/kernel/contrast.ts';
import type { Syn } from '../../src/model/header.ts';
import type { Contrast, Control, Try } from '../../src/model/scene.ts';

const SYN: Syn = { ecn: 0, options: { 2: '05b4', 3: '07', 4: '', 8: '0000000100000000' } };

const leaving = (about: Partial<Leaving['header']> = {}, of: Partial<Leaving> = {}): Leaving => ({
  source: '192.0.2.1',
  sourcePort: 40_000,
  mark: 0,
  header: { ttl: 64, dscp: 0, ecn: 0, syn: SYN, ...about },
  ...of,
});
const syn = (about: Partial<Syn>): Partial<Leaving['header']> => ({ syn: { ...SYN, ...about } });

describe('what two packets differ in', () => {
  const own = leaving();
  test.each<[string, Leaving, Partial<Contrast>[]]>([
    ['nothing', leaving(), []],
    ['time to live', leaving({ ttl: 63 }), [{ trait: 'ttl', lost: '63', answered: '64' }]],
    ['class', leaving({ dscp: 46 }), [{ trait: 'dscp', lost: '46', answered: '0' }]],
    ['a mark', leaving({}, { mark: 0x200 }), [{ trait: 'mark', lost: '0x200', answered: '0x0' }]],
    ['a mark that nobody saw', leaving({}, { mark: null }), []],
    ['its source', leaving({}, { source: '192.0.2.7' }), [{ trait: 'source', lost: '192.0.2.7' }]],
    ['ECN', leaving(syn({ ecn: 3 })), [{ trait: 'ecn', lost: 'flags ECE and CWR', answered: 'none' }]],
    ['accurate ECN', leaving(syn({ ecn: 7 })), [{ lost: 'flags ECE, CWR and AE' }]],
    ['the ECN field', leaving({ ecn: 2 }), [{ trait: 'ecn', lost: 'field 2', answered: 'none' }]],
    [
      'segments',
      leaving(syn({ options: { ...SYN.options, 2: '01cc' } })),
      [{ trait: 'tcp-option', lost: 'MSS 460', answered: 'MSS 1460' }],
    ],
    [
      'an option that is missing, and one that is there',
      leaving(syn({ options: { 2: '05b4', 3: '07', 4: '', 30: '00812a' } })),
      [
        { lost: 'no timestamps', answered: 'timestamps' },
        { lost: 'Multipath TCP', answered: 'no Multipath TCP' },
      ],
    ],
    ['the clock of its timestamps', leaving(syn({ options: { ...SYN.options, 8: 'ff'.repeat(8) } })), []],
    ['no TCP at all', leaving({ syn: null }), []],
  ])('%s', (_, lost, expected) => {
    const found = contrasts(lost, own, false);
    expect(found).toHaveLength(expected.length);
    expect(found).toMatchObject(expected);
  });

  test('a port tells only where NAT chose it', () => {
    const lost = leaving({}, { sourcePort: 600 });
    expect(contrasts(lost, own, false)).toEqual([]);
    expect(contrasts(lost, own, true)).toMatchObject([{ trait: 'source-port', lost: '600' }]);
  });

  test('in words', () => {
    expect(contrastWords({ trait: 'ttl', lost: '63', answered: '64' })).toBe(
      "time to live 63 (the host's own: 64)",
    );
  });
});

describe('what decides', () => {
  const ttl: Contrast = { trait: 'ttl', lost: '63', answered: '64' };
  const mss: Contrast = { trait: 'tcp-option', lost: 'MSS 460', answered: 'MSS 1460' };
  const sack: Contrast = { trait: 'tcp-option', lost: 'no SACK', answered: 'SACK' };
  const asked = ({ trait, lost }: Contrast, ...answers: boolean[]): Try[] =>
    answers.map((answered) => ({ trait, value: lost, answered }));
  const control = (...tries: Try[]): Control => ({
    asked: true,
    answered: true,
    outcomes: [],
    says: '',
    contrasts: [ttl, mss, sack],
    tries,
  });

  test('the one with which the host is never answered', () => {
    const all = control(...asked(ttl, true, true), ...asked(mss, false, false), ...asked(sack, true, true));
    expect(decisive(all)).toEqual(mss);
  });
  test('not one that was answered once', () => {
    expect(decisive(control(...asked(ttl, true, true), ...asked(mss, false, true)))).toBeUndefined();
  });
  test('not two at once, nor one that nobody tried', () => {
    expect(decisive(control(...asked(ttl, false, false), ...asked(mss, false, false)))).toBeUndefined();
    expect(decisive(control(...asked(ttl, true, true)))).toBeUndefined();
  });
  test('nothing where the host is not answered itself', () => {
    expect(decisive({ ...control(...asked(ttl, false)), answered: false })).toBeUndefined();
    expect(decisive(null)).toBeUndefined();
  });
});
