import { expect, test } from 'vitest';
import { healthyStory, story } from '../repl/fixture/forwarding-off.ts';
import { converse, settle } from './conversation.ts';
import { until } from './terminal.ts';

const FIX = 'sysctl -w net.ipv4.ip_forward=1';
const SIZES = [
  [40, 24],
  [80, 24],
  [140, 40],
  [80, 10],
] as const;

test.each(SIZES)(
  'at %i×%i the diagnosis stays above the prompt, and the earlier scrollback too',
  async (columns, rows) => {
    const { terminal, ended } = converse(columns, rows);
    await until(terminal, (all) => all.includes(FIX), 'the fix');
    await until(terminal, (all) => all.includes('netdoctor web ▸'), 'the prompt');
    const before = await terminal.all();
    expect(before.slice(0, 2)).toEqual(['user@host:~$ echo before', 'before']);
    expect(before.filter((row) => row.includes('veth6a383f2'))).toHaveLength(1);
    terminal.type('quit\r');
    await ended;
    const after = await terminal.all();
    expect(after.slice(0, 2)).toEqual(['user@host:~$ echo before', 'before']);
    expect(after).toContain(FIX);
    expect(after.filter((row) => row.trim() !== '').at(-1)).toBe('netdoctor web ▸ quit');
  },
);

test('counters move while the probe runs', async () => {
  const { terminal, ended } = converse(80, 24, { events: [...story.slice(0, 11), null] });
  await until(terminal, (all) => all.some((row) => row.includes('1 sent')), 'the first probe');
  const rows = (await terminal.screen()).join('\n');
  expect(rows).toMatch(/✓ eth0 .* 1 sent +0 back/);
  expect(rows).toMatch(/· docker0 .* 0 seen/);
  expect(rows).toContain('Ctrl-C stop');
  terminal.type('\u0003');
  await until(terminal, (all) => all.some((row) => row.includes('Stopped.')), 'the run stopped');
  terminal.type('\u0004');
  await ended;
});

test('what is typed is on the screen, with the cursor where it belongs', async () => {
  const { terminal, ended } = converse(80, 24, { events: healthyStory });
  await until(terminal, (all) => all.some((row) => row.startsWith('✓ web reaches')), 'the verdict');
  terminal.type('chekc 漢字');
  await until(terminal, (all) => all.some((row) => row.includes('漢字')), 'the typed text');
  const screen = await terminal.screen();
  const y = screen.findIndex((row) => row.startsWith('netdoctor web ▸ chekc 漢字'));
  expect(await terminal.cursor()).toEqual({ x: 26, y });
  terminal.type('\u001b[D');
  await settle();
  expect(await terminal.cursor()).toEqual({ x: 24, y });
  terminal.type('\r');
  await until(terminal, (all) => all.some((row) => row.includes('Did you mean "check"?')), 'the hint');
  terminal.type('\u0004');
  await ended;
});

test('a long line scrolls sideways and never wraps', async () => {
  const { terminal, ended } = converse(40, 10, { events: healthyStory });
  await until(terminal, (all) => all.some((row) => row.startsWith('✓ web reaches')), 'the verdict');
  terminal.type('x'.repeat(200));
  await until(terminal, (all) => all.some((row) => row.includes('xxxx')), 'the typed text');
  await settle();
  expect((await terminal.all()).filter((row) => row.includes('xxxx'))).toHaveLength(1);
  terminal.type('\u0015\u0004');
  await ended;
});

test('a command longer than the screen is one logical line, from column 0', async () => {
  const long = [
    'iptables',
    '-I',
    'DOCKER-USER',
    '-m',
    'comment',
    '--comment',
    'x'.repeat(90),
    '-j',
    'ACCEPT',
  ] as const;
  const last = story.at(-1)!;
  if (last.type !== 'diagnosis') throw new Error('the story ends with a diagnosis');
  const [finding] = last.diagnosis.findings;
  const fix = { ...finding!.fixes[0]!, apply: [{ run: { argv: long } }] };
  const diagnosis = { ...last.diagnosis, findings: [{ ...finding!, fixes: [fix] }] };
  const { terminal, ended } = converse(40, 24, {
    events: [...story.slice(0, -1), { type: 'diagnosis', diagnosis }],
  });
  await until(terminal, (all) => all.some((row) => row.startsWith('iptables')), 'the command');
  expect(terminal.bytes()).toContain(long.join(' '));
  terminal.type('\u0004');
  await ended;
});

test('a bare call opens the picker, which filters as one types', async () => {
  const { terminal, told, ended } = converse(80, 12, { target: null });
  await until(
    terminal,
    (all) => all.some((row) => row.includes('docker') && row.includes('db')),
    'the containers',
  );
  terminal.type('re');
  await until(terminal, (all) => !all.some((row) => row.includes('172.17.0.3')), 'the filter at work');
  terminal.type('\r');
  await until(terminal, () => told.asked.length > 0, 'the question');
  expect(told.asked[0]).toMatchObject({ target: 'red' });
  terminal.type('\u0004');
  await ended;
});
