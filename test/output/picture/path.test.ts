import { expect, test } from 'vitest';
import type { Diagnosis } from '../../../src/model/diagnosis.ts';
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
    '  ✓ eth0         container  172.17.0.2/16            3 sent     0 back',
    '  ✓ veth6a383f2  host       port of docker0          3 seen     0 back',
    '  ✓ docker0      bridge     172.17.0.1/16            3 seen     0 back',
    '  ✗ forwarding   kernel     net.ipv4.ip_forward = 0  3 dropped  IP_INADDRERRORS at ip_error',
    '  · eth0         uplink     192.0.2.2/24             0 seen     0 back',
    '  · 198.51.100.1            answers this host',
  ]);
});

test('keeps names and counters in 40 columns', () => {
  expect(rows(run, 40)).toEqual([
    '  ✓ eth0         3 sent     0 back',
    '  ✓ veth6a383f2  3 seen     0 back',
    '  ✓ docker0      3 seen     0 back',
    '  ✗ forwarding   3 dropped  IP_INADDRER…',
    '  · eth0         0 seen     0 back',
    '  · 198.51.100.1',
  ]);
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
  expect(rows(early, 40)[0]).toBe('  ✓ eth0         1 sent  0 back');
  expect(rows(early, 40)[3]).toBe('  · eth0         0 seen  0 back');
});

test('a lost reply is drawn where it was lost, seen from the far end', () => {
  const reply = judged({
    direction: 'reply',
    between: ['host/eth0', 'host/docker0'],
    path: diagnosis.path.map((entry, index) => ({ ...entry, request: 3, reply: index === 3 ? 3 : 0 })),
  });
  expect(rows(reply, 40).map((row) => row.slice(2, 14).trimEnd())).toEqual([
    '· eth0',
    '· veth6a383f',
    '· docker0',
    '✗ forwarding',
    '✓ eth0',
    '· 198.51.100',
  ]);
});

test('a stop before the first and after the last interface has its row', () => {
  const first = rows(judged({ between: [null, 'container/eth0'] }), 60);
  expect(first[0]).toContain('✗ sending');
  const last = rows(judged({ between: ['host/eth0', null] }), 60);
  expect(last.at(-2)).toContain('✗ beyond here');
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
