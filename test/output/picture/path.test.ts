import { expect, test } from 'vitest';
import type { Diagnosis } from '../../../src/model/diagnosis.ts';
import type { Rule } from '../../../src/model/evidence.ts';
import { ascii, unicode } from '../../../src/output/glyphs.ts';
import { textOf } from '../../../src/output/line/span.ts';
import { lineWidth } from '../../../src/output/line/width.ts';
import { pathLines, titleLine } from '../../../src/output/picture/path.ts';
import { follow, newRun, type Run } from '../../../src/output/run.ts';
import { diagnosis, healthyStory, hops, path, story } from '../../repl/fixture/forwarding-off.ts';

const run = story.reduce(follow, newRun);
const rows = (of: Run, columns: number, glyphs = unicode) => pathLines(of, columns, glyphs).map(textOf);
const judged = (change: Partial<Diagnosis>): Run => ({
  ...run,
  drops: [],
  diagnosis: { ...diagnosis, ...change },
});

test('shows where the packets stop', () => {
  expect(rows(run, 100)).toEqual([
    '  ✓ eth0          container   172.17.0.2/16     3 sent      0 back',
    '  ✓ veth6a383f2   host        port of docker0   3 seen      0 back',
    '  ✓ docker0       bridge      172.17.0.1/16     3 seen      0 back',
    '  ✗ forwarding    kernel      ip_forward = 0    3 dropped   IP_INADDRERRORS at ip_error',
    '  · eth0          uplink      192.0.2.2/24      0 seen      0 back',
    '  · 198.51.100.1              answers this host',
  ]);
});

test('in 40 columns it keeps names and counters, and tells the stop in full below', () => {
  expect(rows(run, 40)).toEqual([
    '  ✓ eth0          3 sent      0 back',
    '  ✓ veth6a383f2   3 seen      0 back',
    '  ✓ docker0       3 seen      0 back',
    '  ✗ forwarding    3 dropped',
    '    ip_forward = 0',
    '    IP_INADDRERRORS at ip_error',
    '  · eth0          0 seen      0 back',
    '  · 198.51.100.1',
    '    answers this host',
  ]);
});

test('a rule that drops is the stop, by its chain and number', () => {
  const rule: Rule = {
    engine: 'iptables-nft',
    family: 'ip',
    table: 'filter',
    chain: 'DOCKER-USER',
    hook: 'forward',
    number: 1,
    handle: 9,
    text: '-A DOCKER-USER -j DROP',
    verdict: 'drop',
    owner: 'docker',
  };
  const [capture] = diagnosis.evidence;
  const stop = (of: Rule) =>
    rows(judged({ evidence: [{ ...capture!, witness: 'rule', agrees: true, rule: of }] }), 100)[3];
  expect(stop(rule)).toBe('  ✗ DOCKER-USER   rule 1      -A DOCKER-USER -j DROP   3 dropped');
  expect(stop({ ...rule, chain: 'FORWARD', number: null, text: '-P FORWARD DROP' })).toContain('policy');
});

test('packets that nobody says were dropped are called lost', () => {
  expect(rows(judged({ evidence: [] }), 100)[3]).toMatch(/✗ forwarding +kernel +3 lost$/);
});

test('what leaves this host and is not answered is the destination’s', () => {
  const gone = diagnosis.path.map((entry) => ({ ...entry, request: 3 }));
  const silent = judged({ between: ['host/eth0', null], path: gone, cause: 'no-reply-from-destination' });
  expect(rows(silent, 100).slice(3)).toEqual([
    '  ✓ eth0          uplink      192.0.2.2/24      3 seen   0 back',
    '  ✗ 198.51.100.1              answers this host',
  ]);
  const toAll = { ...silent, control: { asked: true, answered: false, outcomes: [], says: '' } };
  expect(rows(toAll, 100).at(-1)).toBe('  ✗ 198.51.100.1              silent to this host too');
});

test('a destination on this host that refuses is the place itself', () => {
  const arrived = diagnosis.path.slice(0, 3).map((entry) => ({ ...entry, request: 3, reply: 3 }));
  const refused = {
    ...newRun,
    diagnosis: {
      ...diagnosis,
      cause: 'connection-refused',
      path: arrived,
      between: ['host/docker0', null] as const,
    },
  };
  const drawn = rows(refused, 100);
  expect(drawn).toHaveLength(4);
  expect(drawn.at(-1)).toBe('  ✗ 198.51.100.1              refuses');
});

test('names the other container that the flow begins in', () => {
  const of = {
    ...newRun,
    diagnosis: { ...diagnosis, flow: { ...diagnosis.flow, from: 'other', source: 'netns:red' } },
  };
  expect(textOf(titleLine(of as Run, 100, unicode))).toMatch(/^netns:red → web \(/);
});

test('an address of the host’s choice is named alone, where it is none of the target’s', () => {
  const flow = { ...diagnosis.flow, from: 'host' as const };
  const asked = { ...newRun, target: null, diagnosis: { ...diagnosis, flow } };
  const hop = (where: string) => ({ where }) as never;
  const title = (hops: readonly never[]): string =>
    textOf(titleLine({ ...asked, path: { hops } as never }, 100, unicode));
  expect(title([hop('host')])).toMatch(/^this host → 198\.51\.100\.1 /);
  expect(title([hop('host'), hop('container')])).toMatch(/^this host → web \(198\.51\.100\.1\)/);
});

test('the document alone is enough to draw it', () => {
  const drawn = rows({ ...newRun, diagnosis }, 100);
  expect(drawn).toHaveLength(6);
  expect(drawn[3]).toContain('✗ forwarding');
  expect(textOf(titleLine({ ...newRun, diagnosis }, 100, unicode))).toBe(
    'web → 198.51.100.1   icmp   docker',
  );
});

test.each([20, 30, 40, 60, 80, 120, 200])('fits into %i columns', (columns) => {
  for (const events of [story.slice(0, 12), story, healthyStory]) {
    const of = events.reduce(follow, newRun);
    for (const line of [titleLine(of, columns, unicode), ...pathLines(of, columns, unicode)]) {
      expect(lineWidth(line)).toBeLessThanOrEqual(columns);
    }
  }
});

test('counts move while the probe runs', () => {
  const early = story.slice(0, 11).reduce(follow, newRun);
  expect(rows(early, 40)[0]).toBe('  ✓ eth0          1 sent   0 back');
  expect(rows(early, 40)[3]).toBe('  · eth0          0 seen   0 back');
});

test('a lost reply is drawn where it was lost, seen from the far end', () => {
  const reply = judged({
    direction: 'reply',
    between: ['host/eth0', 'host/docker0'],
    path: diagnosis.path.map((entry, index) => ({ ...entry, request: 3, reply: index === 3 ? 3 : 0 })),
  });
  expect(rows(reply, 100).map((row) => row.slice(2, 14).trimEnd())).toEqual([
    '· eth0',
    '· veth6a383f',
    '· docker0',
    '✗ forwarding',
    '✓ eth0',
    '· 198.51.100',
  ]);
});

test('a stop before the first interface has its row', () => {
  const first = rows(judged({ between: [null, 'container/eth0'] }), 60);
  expect(first[0]).toContain('✗ sending');
});

test('an interface that nobody watched is not called silent', () => {
  const blind = judged({
    path: diagnosis.path.map((entry) =>
      entry.id === 'host/eth0' ? { ...entry, captured: false, request: null, reply: null } : entry,
    ),
  });
  expect(rows(blind, 80).find((row) => row.includes('uplink'))).toMatch(/^ {2}\? eth0 .*not watched$/);
});

test('a gap in the path stands where it is', () => {
  const says = 'the host end of eth0 was not found';
  const gapped: Run = {
    ...newRun,
    path: {
      ...path,
      hops: hops.slice(0, 1),
      stages: ['send', 'wire'],
      gaps: [{ after: 'container/eth0', kind: 'no-peer', says }],
    },
  };
  expect(rows(gapped, 80)[1]).toContain(says);
});

test('names from strangers cannot move the cursor', () => {
  const evil = { ...hops[1]!, name: 'veth\u001b[2J\u0007x', about: 'port\u009b31m' };
  const drawn = rows({ ...newRun, path: { ...path, hops: [hops[0]!, evil, ...hops.slice(2)] } }, 80);
  expect(drawn.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});

test('ASCII marks for terminals without others', () => {
  expect(rows(run, 80, ascii).join('')).toMatch(/^[ -~]*$/);
});
