import { expect, test } from 'vitest';
import type { Diagnosis } from '../../../src/model/diagnosis.ts';
import { unicode } from '../../../src/output/glyphs.ts';
import { textOf } from '../../../src/output/line/span.ts';
import { changeLines } from '../../../src/output/picture/change.ts';
import { type VerdictOptions, verdictLines } from '../../../src/output/picture/verdict.ts';
import { diagnosis } from '../../repl/fixture/forwarding-off.ts';

const rows = (columns: number, change: Partial<Diagnosis> = {}, options: Partial<VerdictOptions> = {}) =>
  verdictLines({ ...diagnosis, ...change }, { columns, glyphs: unicode, ...options }).map(textOf);

test('says what, why, what was seen and how to mend it', () => {
  expect(rows(118)).toEqual([
    "✗ Requests stop in the host's kernel, between docker0 and eth0: IPv4 forwarding is off.",
    "  why     docker0 handed the packets to the host's kernel and none came out of eth0: net.ipv4.ip_forward is 0.",
    '  do      Turn forwarding on.',
    '  seen    the kernel dropped the request: IP_INADDRERRORS at ip_error   $ cat /sys/kernel/tracing/trace',
    '  seen    net.ipv4.ip_forward = 0   $ sysctl net.ipv4.ip_forward',
    '  seen    the host itself reaches 198.51.100.1   $ ping -c1 198.51.100.1',
    '  fix 1   Turn IPv4 forwarding on (safe; until reboot)',
    '          Every interface of this host may forward, within what the firewall allows.',
    'sysctl -w net.ipv4.ip_forward=1',
  ]);
});

test('evidence against the verdict is never left out', () => {
  const contradiction = { ...diagnosis.evidence[0]!, says: 'eth0 saw 1 request all the same', agrees: false };
  const all = rows(118, { evidence: [contradiction] });
  expect(all).toContain('  against eth0 saw 1 request all the same   $ tcpdump -ni docker0 icmp');
});

test('everything seen is shown on request, the counts of the captures too', () => {
  const seen = (all: boolean) => rows(118, {}, { all }).filter((row) => row.startsWith('  seen'));
  expect(seen(false)).toHaveLength(3);
  expect(seen(true)).toHaveLength(diagnosis.evidence.length);
});

test('the owner of what is changed is named, and what else was found follows', () => {
  const [first] = diagnosis.findings;
  const other = {
    ...first!,
    cause: 'rp-filter-drop',
    what: 'rp_filter is strict',
    do: 'Loosen it.',
    fixes: [],
  };
  const all = rows(118, { findings: [{ ...first!, owner: 'firewalld' }, other] });
  expect(all).toContain('  owner   firewalld');
  expect(all.at(-1)).toBe('  also    Rp_filter is strict. Loosen it.');
});

test('where only the place is known, no reason is claimed', () => {
  const all = rows(118, { cause: null, findings: [], evidence: [] });
  expect(all).toHaveLength(1);
});

test.each([20, 40, 80])('wraps prose to %i columns and never a command', (columns) => {
  const all = rows(columns);
  expect(all).toContain('sysctl -w net.ipv4.ip_forward=1');
  for (const row of all)
    if (!/^sysctl|^ *\$ /.test(row)) expect(row.length, row).toBeLessThanOrEqual(columns);
});

test('offers to apply a fix only where that can be done', () => {
  expect(rows(200).join('\n')).not.toContain('keeps it');
  expect(rows(200, {}, { hint: '`fix N --persist` keeps it' }).join('\n')).toContain(
    '(safe; until reboot; `fix 1 --persist` keeps it)',
  );
});

test('undecided names what could not be looked at', () => {
  const unknown = [{ what: 'captures', because: 'not root' }];
  const all = rows(80, {
    evidence: [],
    status: 'undecided',
    cause: null,
    findings: [],
    unknown,
    summary: 'It is not known.',
  });
  expect(all).toEqual(['? It is not known.', '  unseen  Captures: not root.']);
});

test('healthy mentions it as a note', () => {
  const unknown = [{ what: 'kernel journey', because: 'no tracefs' }];
  const all = rows(80, { status: 'healthy', cause: null, findings: [], unknown, summary: 'web reaches it.' });
  expect(all).toEqual(['✓ web reaches it.', '  note    Kernel journey: no tracefs.']);
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
