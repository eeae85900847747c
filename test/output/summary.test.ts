import { describe, expect, it, test } from 'vitest';
import { placeAt } from '../../src/model/place.ts';
import type { Direction } from '../../src/model/sighting.ts';
import type { Told } from '../../src/output/summary/told.ts';
import { summarise } from '../../src/output/summary.ts';
import { healthy, type Way } from '../causes/scene.ts';

/** The sentence for packets lost at a stage of one of the lab's ways. */
function lost(way: Way, stage: number, direction: Direction = 'request', about: Partial<Told> = {}): string {
  const scene = healthy(way);
  return summarise({
    ...scene,
    status: 'fault',
    place: placeAt(scene.path, stage, direction),
    symptom: { kind: 'lost', errno: null, from: null, says: null, bornAt: null },
    what: 'it is unplugged',
    sent: 3,
    answered: 0,
    unknown: [],
    ...about,
  });
}

it('calls two ends a pair only where they are one', () => {
  const scene = healthy('outside');
  const wire = (...kinds: readonly string[]): string => {
    const hops = scene.path.hops.map((hop, at) => ({
      ...hop,
      link: { ...hop.link, kind: kinds[at] ?? 'ether' },
    }));
    return lost('outside', 1, 'request', { place: placeAt({ ...scene.path, hops }, 1, 'request') });
  };
  expect(wire('netkit', 'netkit')).toContain(
    'between the two ends of a netkit pair, eth0 of lab-a and vetha',
  );
  expect(wire('ipvlan', 'ether')).toContain('Requests stop between eth0 of lab-a and vetha');
});

it('says of what was answered in the end that it was', () => {
  expect(lost('outside', 4, 'request', { late: true })).toBe(
    'Requests leave this host through up0 and no answer comes back until sent again: it is unplugged.',
  );
});

describe('a request that stops', () => {
  test.each<[Way, number, string]>([
    ['outside', 0, 'Requests never leave lab-a: it is unplugged.'],
    [
      'outside',
      1,
      'Requests stop between the two ends of a veth pair, eth0 of lab-a and vetha: it is unplugged.',
    ],
    ['outside', 2, 'Requests stop between vetha and br0: it is unplugged.'],
    ['outside', 3, "Requests stop in the host's kernel, between br0 and up0: it is unplugged."],
    ['outside', 4, 'Requests leave this host through up0 and no answer comes back: it is unplugged.'],
    ['sibling', 2, 'Requests stop in the bridge br0, between vetha and vethb: it is unplugged.'],
    ['sibling', 4, 'Requests reach eth0 of the other end and stop in 10.88.0.3: it is unplugged.'],
    ['to-host', 3, "Requests reach br0 and stop in the host's own stack: it is unplugged."],
    ['from-host', 0, 'Requests never leave the host: it is unplugged.'],
    ['from-host', 3, 'Requests reach eth0 of lab-a and stop in lab-a: it is unplugged.'],
    ['from-outside', 0, 'Requests do not arrive at up0: it is unplugged.'],
  ])('%s, stage %i', (way, stage, sentence) => {
    expect(lost(way, stage)).toBe(sentence);
  });
});

describe('a reply that stops', () => {
  test.each<[Way, number, string]>([
    ['outside', 3, "Replies stop in the host's kernel, between up0 and br0: it is unplugged."],
    ['outside', 0, 'Replies reach eth0 of lab-a, and not the program that asked: it is unplugged.'],
    ['outside', 4, 'Requests leave this host through up0 and no answer comes back: it is unplugged.'],
    ['from-host', 3, 'Replies never leave lab-a: it is unplugged.'],
    [
      'from-outside',
      0,
      'Replies leave this host through up0 and the sender does not hear them: it is unplugged.',
    ],
  ])('%s, stage %i', (way, stage, sentence) => {
    expect(lost(way, stage, 'reply')).toBe(sentence);
  });
});

it('says so where only the place is known', () => {
  expect(lost('outside', 3, 'request', { what: null })).toBe(
    "Requests stop in the host's kernel, between br0 and up0; why is not known.",
  );
});

it('counts where some were answered, in the number of the subject', () => {
  expect(lost('outside', 3, 'request', { answered: 1 })).toMatch(/^2 of 3 requests stop in/);
  expect(lost('outside', 3, 'request', { answered: 2 })).toMatch(/^1 of 3 requests stops in/);
  expect(lost('sibling', 4, 'request', { answered: 2 })).toMatch(/^1 of 3 requests reaches .* and stops in/);
});

describe('somebody who says no', () => {
  const refused = {
    kind: 'refused',
    errno: 'ECONNREFUSED',
    from: '198.51.100.1',
    says: null,
    bornAt: null,
  } as const;

  it('is named', () => {
    const scene = healthy('outside');
    const flow = { ...scene.flow, proto: 'tcp', port: 81 } as const;
    expect(lost('outside', 4, 'request', { symptom: refused, flow, what: 'nobody listens on port 81' })).toBe(
      '198.51.100.1:81 refuses the connection: nobody listens on port 81.',
    );
  });

  it('is not the destination where a rule of this host refuses in its name', () => {
    expect(lost('outside', 3, 'request', { symptom: refused, what: 'a rule rejects it' })).toBe(
      "Requests stop in the host's kernel, between br0 and up0: a rule rejects it.",
    );
  });

  it('by an ICMP error is told with what it says', () => {
    const symptom = {
      kind: 'error',
      errno: null,
      from: '192.0.2.2',
      says: 'host unreachable',
      bornAt: null,
    } as const;
    expect(lost('outside', 4, 'request', { symptom, what: null })).toBe(
      '192.0.2.2 turns requests away (host unreachable); why is not known.',
    );
  });
});

it('without a place the cause is the sentence', () => {
  expect(
    lost('outside', 0, 'request', { place: null, what: 'the container has no network of its own' }),
  ).toBe('The container has no network of its own.');
});

describe('healthy', () => {
  const well = (microseconds: number[], way: Way = 'outside', heldBy?: string) =>
    lost(way, 0, 'request', {
      status: 'healthy',
      place: null,
      outcomes: microseconds.map((time, probe) => ({
        probe,
        result: 'answered' as const,
        microseconds: time,
        errno: null,
        says: null,
      })),
      sent: microseconds.length,
      answered: microseconds.length,
      heldBy,
    });

  it('tells how many, by whom and in which time', () => {
    expect(well([420, 380, 9000])).toBe('3 of 3 probes answered by 198.51.100.1 in 0.4 ms.');
    expect(well([85])).toBe('1 of 1 probe answered by 198.51.100.1 in 85 µs.');
    expect(well([12_400])).toContain(' in 12 ms.');
    expect(well([90], 'outside', 'this host')).toBe(
      '1 of 1 probe answered by 198.51.100.1, an address of this host, in 90 µs.',
    );
    expect(well([90], 'from-host')).toBe('1 of 1 probe answered by lab-a (10.88.0.2) in 90 µs.');
  });

  it('tells what was answered, where it was always the same, and without control characters', () => {
    const saying = (...says: (string | null)[]): string =>
      lost('outside', 0, 'request', {
        status: 'healthy',
        place: null,
        outcomes: says.map((one, probe) => ({
          probe,
          result: 'answered' as const,
          microseconds: 90,
          errno: null,
          says: one,
        })),
        sent: says.length,
        answered: says.length,
      });
    expect(saying('NTP, stratum 2', 'NTP, stratum 2')).toMatch(/ in 90 µs: NTP, stratum 2\.$/);
    expect(saying('NOERROR', 'SERVFAIL')).toMatch(/ in 90 µs\.$/);
    expect(saying(null)).toMatch(/ in 90 µs\.$/);
    expect(saying('\u001b[2Jx')).not.toContain('\u001b');
  });
});

describe('undecided', () => {
  it('names what could not be looked at', () => {
    const sentence = lost('outside', 3, 'request', {
      status: 'undecided',
      what: null,
      place: null,
      unknown: [{ what: 'the host’s firewall', because: 'not root' }],
    });
    expect(sentence).toBe('It is not decided: the host’s firewall could not be looked at.');
  });

  it('says what was seen of a server that does not greet, and not that nobody could look', () => {
    const sentence = lost('outside', 4, 'request', {
      status: 'undecided',
      what: null,
      unknown: [{ what: 'what the program says', because: 'no greeting came' }],
      unsaid: 'connections to 198.51.100.1:25 open, and no greeting came within 3.0 s',
    });
    expect(sentence).toBe('Connections to 198.51.100.1:25 open, and no greeting came within 3.0 s.');
  });

  it('says of UDP what UDP does not tell', () => {
    const flow = { ...healthy('outside').flow, proto: 'udp', port: 53 } as const;
    const symptom = { kind: 'silence', errno: null, from: null, says: null, bornAt: null } as const;
    expect(lost('outside', 4, 'request', { status: 'undecided', what: null, flow, symptom })).toBe(
      'Requests leave this host through up0 and no answer comes back; UDP does not say whether they arrived.',
    );
  });
});

it('names from the machine cannot move the cursor', () => {
  const target = { ...healthy('outside').target, name: 'we\u001b[2Jb' };
  expect(lost('outside', 0, 'request', { target, what: 'bad\u0007' })).toBe(
    "Requests never leave $'we\\x1b[2Jb': bad.",
  );
});

test('what is for many goes out, and nobody need answer', () => {
  const many = (wentBy: string[]): string =>
    lost('outside', 3, 'request', { status: 'undecided', what: null, wentBy });
  expect(many(['up0', 'vethb'])).toBe(
    'Requests for 198.51.100.1, which stands for many, go out by up0 and vethb; nobody need answer them.',
  );
  expect(many([])).toMatch(/leave no interface of this host; nobody need answer them\.$/);
});

it('says of which packets it is where smaller ones passed', () => {
  const about = { answered: 3, fullSize: true };
  expect(lost('outside', 3, 'reply', about)).toBe(
    "Full-size replies stop in the host's kernel, between up0 and br0: it is unplugged.",
  );
  expect(lost('outside', 4, 'request', about)).toBe(
    'Full-size requests leave this host through up0 and no answer comes back: it is unplugged.',
  );
});
