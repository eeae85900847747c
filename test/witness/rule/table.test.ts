// netdoctor's own nft table on a kernel that knows no owned tables (before 5.12): made without, and taken away by hand.
import { describe, expect, test } from 'vitest';
import { realClock } from '../../../src/host/clock.ts';
import type { Machine } from '../../../src/host/machine.ts';
import { known, notKnown } from '../../../src/model/answer.ts';
import { commandLine } from '../../../src/model/netns.ts';
import type { ProbeRun } from '../../../src/probe/kind.ts';
import { armTable } from '../../../src/witness/rule/table.ts';

const run = {
  flow: { proto: 'tcp', family: 4, port: 80, address: '198.51.100.1' },
  ports: [40000, 40001],
  token: 7,
} as unknown as ProbeRun;

const arm = (machine: Machine, families = new Set<string>(), of = run) =>
  armTable(machine, { netns: null, families }, [of], 1500);

/** An nft that refuses every line with one of these words, as `nft -i` tells it. */
function kernel(refuses: RegExp, entries = 0) {
  const written: string[] = [];
  const ran: string[] = [];
  let stopped = 0;
  const machine = {
    pid: 10,
    ...realClock,
    started: '20',
    alive: (pid: number) => pid !== 11,
    read: (file: string) =>
      file.endsWith('nf_conntrack_count') ? known(`${entries}\n`, []) : notKnown('vanished', file, []),
    async run(command: Parameters<typeof commandLine>[0]) {
      const line = commandLine(command).join(' ');
      ran.push(line);
      const tables = 'table inet netdoctor_11_5\ntable bridge netdoctor_12_6\ntable ip filter\n';
      return known({ code: 0, stdout: line.includes('list') ? tables : '', stderr: '' }, []);
    },
    start(_: unknown, onLine: (line: string, from: 'stdout' | 'stderr') => void) {
      return {
        ended: new Promise<number>(() => {}),
        async stop() {
          stopped++;
        },
        write(text: string) {
          for (const line of text.trim().split('\n')) {
            written.push(line);
            if (refuses.test(line)) onLine('Error: Could not process rule: Invalid argument', 'stderr');
            else if (line.startsWith('list')) setTimeout(() => onLine('set netdoctor-ready {', 'stdout'), 1);
          }
        },
      };
    },
  };
  return { machine: machine as unknown as Machine, written, ran, stopped: () => stopped };
}

test('an owned table needs no other command, and goes with its owner', async () => {
  const { machine, written, ran } = kernel(/nothing/);
  const table = await arm(machine, new Set(['bridge']));
  expect(table.known).toBe(true);
  expect(written.filter((line) => line.startsWith('add table')).every((line) => line.includes('owner'))).toBe(
    true,
  );
  if (table.known) await table.value.stop();
  expect(ran).toEqual([]);
});

test('refused, it is made without an owner, those of the dead are swept, and its own is removed at the end', async () => {
  const { machine, written, ran, stopped } = kernel(/flags owner/);
  const table = await arm(machine, new Set(['bridge']));
  expect(table.known).toBe(true);
  expect(written).toContain('add table inet netdoctor_10_20');
  expect(written).toContain('add table bridge netdoctor_10_20');
  expect(ran).toEqual(['nft list tables', 'nft delete table inet netdoctor_11_5']);
  if (table.known) await table.value.stop();
  expect(stopped()).toBe(2);
  expect(ran.slice(2)).toEqual([
    'nft delete table inet netdoctor_10_20',
    'nft delete table bridge netdoctor_10_20',
  ]);
});

test('a kernel that refuses that too says so, and keeps nothing', async () => {
  const { machine, ran } = kernel(/add table/);
  const table = await arm(machine);
  expect(table).toMatchObject({ known: false, detail: 'Error: Could not process rule: Invalid argument' });
  expect(ran.at(-1)).toBe('nft delete table inet netdoctor_10_20');
});

test('an nft that says nothing is waited for as long as is told, and ended', async () => {
  const { machine, stopped } = kernel(/nothing/);
  const silent = {
    ...machine,
    start: () => ({ ...machine.start({ argv: ['nft', '-i'] }, () => {}), write() {} }),
  };
  const table = await armTable(silent, { netns: null, families: new Set() }, [run], 5);
  expect(table).toMatchObject({ known: false, detail: 'nft did not answer in time' });
  expect(stopped()).toBe(1);
});

describe('an answer whose address and port NAT has changed', () => {
  test('is known by the port that connection tracking remembers, before any rule behind it', async () => {
    const { machine, written } = kernel(/nothing/, 3);
    await arm(machine);
    expect(written).toContain(
      'add chain inet netdoctor_10_20 prerouting_tracked { type filter hook prerouting priority -199; policy accept; }',
    );
    expect(written).toContain(
      'add rule inet netdoctor_10_20 prerouting_tracked ct direction reply meta l4proto tcp ct original proto-src { 40000, 40001 } meta nftrace set 1',
    );
  });

  test('does not switch connection tracking on where nobody uses it', async () => {
    const { machine, written } = kernel(/nothing/, 0);
    await arm(machine);
    expect(written.filter((line) => / ct /.test(line))).toEqual([]);
  });

  test.each([
    ['a ping, which its token tells', { ...run, flow: { ...run.flow, proto: 'icmp' } }],
    ['ports that are not known yet', { ...run, ports: [null, null] }],
    ['somebody outside', { ...run, asker: { address: null, port: null } }],
  ])('asks nothing of it for %s', async (_, other) => {
    const { machine, written } = kernel(/nothing/, 3);
    await arm(machine, new Set(), other as ProbeRun);
    expect(written.filter((line) => / ct |_tracked/.test(line))).toEqual([]);
  });
});

test('the full-size pings of the same question are traced beside the flow', async () => {
  const { machine, written } = kernel(/nothing/);
  const pings = { ...run, flow: { proto: 'icmp', family: 4 }, token: 0xbeef } as unknown as ProbeRun;
  await armTable(machine, { netns: null, families: new Set() }, [run, pings], 1500);
  expect(written).toContain(
    'add rule inet netdoctor_10_20 prerouting meta l4proto icmp @th,64,32 0xbeef meta nftrace set 1',
  );
  expect(written.some((line) => line.includes('meta l4proto tcp @th,0,16 { 40000, 40001 }'))).toBe(true);
});
