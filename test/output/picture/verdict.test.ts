import { expect, test } from 'vitest';
import { unicode } from '../../../src/output/glyphs.ts';
import { textOf } from '../../../src/output/line/span.ts';
import { changeLines, verdictLines } from '../../../src/output/picture/verdict.ts';
import { diagnosis } from '../../repl/fixture/forwarding-off.ts';

const rows = (columns: number, change = {}, hint: string | null = null) =>
  verdictLines({ ...diagnosis, ...change }, columns, unicode, hint).map(textOf);

test('says what, why and how to mend it', () => {
  expect(rows(110)).toEqual([
    "✗ Requests stop in the host's kernel, between docker0 and eth0: IPv4 forwarding is off.",
    "  why    docker0 handed the packets to the host's kernel and none came out of eth0: net.ipv4.ip_forward is 0.",
    '  fix 1  Turn IPv4 forwarding on (safe, until reboot)',
    '         Touches every interface of this host may forward, within what the firewall allows.',
    'sysctl -w net.ipv4.ip_forward=1',
  ]);
});

test.each([20, 40, 80])('wraps prose to %i columns and never a command', (columns) => {
  const all = rows(columns);
  expect(all).toContain('sysctl -w net.ipv4.ip_forward=1');
  for (const row of all) if (!row.startsWith('sysctl')) expect(row.length).toBeLessThanOrEqual(columns);
});

test('offers to apply a fix only where that can be done', () => {
  expect(rows(200).join('\n')).not.toContain('keeps it');
  expect(rows(200, {}, '`fix N --persist` keeps it')[2]).toContain('`fix 1 --persist` keeps it');
});

test('undecided names what could not be looked at', () => {
  const unknown = [{ what: 'captures', because: 'not root' }];
  const all = rows(80, {
    status: 'undecided',
    cause: null,
    findings: [],
    unknown,
    summary: 'It is not known.',
  });
  expect(all).toEqual(['? It is not known.', '  unseen captures: not root']);
});

test('healthy mentions it as a note', () => {
  const unknown = [{ what: 'kernel journey', because: 'no tracefs' }];
  const all = rows(80, { status: 'healthy', cause: null, findings: [], unknown, summary: 'web reaches it.' });
  expect(all).toEqual(['✓ web reaches it.', '  note   kernel journey: no tracefs']);
});

test('a change of a file can be pasted too', () => {
  const change = { file: '/etc/sysctl.d/90-x.conf', before: null, after: 'a = 1\n', mode: '0644' };
  expect(changeLines(change)).toEqual(["cat > /etc/sysctl.d/90-x.conf <<'END'", 'a = 1', 'END']);
  expect(changeLines({ ...change, after: null })).toEqual(['rm /etc/sysctl.d/90-x.conf']);
  const netns = { inode: 1, path: '/run/netns/red' };
  expect(changeLines({ run: { argv: ['ip', 'link', 'set', 'eth0', 'up'], in: netns } })).toEqual([
    'nsenter --net=/run/netns/red ip link set eth0 up',
  ]);
});
