import { afterEach, expect, test, vi } from 'vitest';
import { healthyStory, story } from '../repl/fixture/forwarding-off.ts';
import { converse, settle } from './conversation.ts';
import { until } from './terminal.ts';

afterEach(() => vi.restoreAllMocks());

const verdict = (all: string[]) => all.some((row) => row.startsWith('✓ web reaches'));

test('the terminal is given back as it was found', async () => {
  const { terminal, ended } = converse(80, 24, { events: healthyStory });
  await until(terminal, verdict, 'the verdict');
  expect(terminal.raw()).toBe(true);
  expect(terminal.bytes()).toContain('\u001b[?2004h');
  terminal.type('\u0004');
  await ended;
  expect(terminal.raw()).toBe(false);
  const rest = terminal.bytes().slice(terminal.bytes().lastIndexOf('\u001b[?2004h'));
  expect(rest).toContain('\u001b[?2004l');
  expect(rest.lastIndexOf('\u001b[?25h')).toBeGreaterThan(rest.lastIndexOf('\u001b[?25l'));
});

test('Ctrl-Z gives the terminal back, stops the whole group, and fg brings all back', async () => {
  const sent: unknown[] = [];
  vi.spyOn(process, 'kill').mockImplementation((...call) => {
    sent.push(call);
    return true;
  });
  const { terminal, ended } = converse(80, 24, { events: healthyStory });
  await until(terminal, verdict, 'the verdict');
  terminal.type('half a li\u001a');
  await until(terminal, () => sent.length > 0, 'the signal');
  expect(sent).toEqual([[0, 'SIGTSTP']]);
  expect(terminal.raw()).toBe(false);
  expect((await terminal.all()).filter((row) => row.startsWith('netdoctor'))).toEqual([]);
  process.emit('SIGCONT');
  await until(
    terminal,
    (all) => all.some((row) => row.startsWith('netdoctor web ▸ half a li')),
    'the line again',
  );
  expect(terminal.raw()).toBe(true);
  terminal.type('ne\u0003\u0003');
  await ended;
});

test('Ctrl-L clears the screen and keeps the line', async () => {
  const { terminal, ended } = converse(80, 24, { events: healthyStory });
  await until(terminal, verdict, 'the verdict');
  terminal.type('half\u000c');
  await until(terminal, () => terminal.bytes().includes('\u001b[2J'), 'the screen cleared');
  await settle();
  expect((await terminal.screen())[0]).toMatch(/^netdoctor web ▸ half/);
  terminal.type('\u0003\u0003');
  await ended;
});

test('colour where it is wanted, none with NO_COLOR, and never in place of a word', async () => {
  const coloured = converse(80, 24, { colour: true });
  await until(
    coloured.terminal,
    (all) => all.some((row) => row.startsWith('✗ Requests stop')),
    'the verdict',
  );
  coloured.terminal.type('\u0004');
  await coloured.ended;
  expect(coloured.terminal.bytes()).toContain('\u001b[31m');

  const colourless = converse(80, 24, { colour: false });
  await until(
    colourless.terminal,
    (all) => all.some((row) => row.startsWith('✗ Requests stop')),
    'the verdict',
  );
  colourless.terminal.type('\u0004');
  await colourless.ended;
  expect(colourless.terminal.bytes()).not.toMatch(/\u001b\[[0-9;]*(3[0-7]|4[0-7]|9[0-7])m/);
});

test('the Linux console gets ASCII', async () => {
  const { terminal, ended } = converse(80, 24, { env: { TERM: 'linux' } });
  await until(terminal, (all) => all.some((row) => row.startsWith('x Requests stop')), 'the verdict');
  await settle();
  expect((await terminal.all()).join('')).toMatch(/^[ -~]*$/);
  terminal.type('\u0004');
  await ended;
});

test('history is kept for the next time, and only for its owner', async () => {
  const { terminal, files, ended } = converse(80, 24, { events: healthyStory });
  await until(terminal, verdict, 'the verdict');
  terminal.type('help\rcheck to 1.1.1.1\r');
  await until(terminal, () => Object.values(files).some((text) => text.includes('help')), 'the history');
  expect(files).toEqual({
    '/home/someone/.local/state/netdoctor/history': expect.stringContaining('help\n'),
  });
  terminal.type('\u0003\u0003\u0004');
  await ended;
});

test('a run is drawn in few frames, each in one piece', async () => {
  const { terminal, ended } = converse(80, 24, { events: story, pace: 2 });
  await until(terminal, (all) => all.some((row) => row.startsWith('✗ Requests stop')), 'the verdict');
  terminal.type('\u0004');
  await ended;
  const frames = terminal.bytes().split('\u001b[?2026h').length - 1;
  // One a change at most, and at most thirty a second whatever happens.
  expect(frames).toBeLessThanOrEqual(story.length + 3);
  expect(terminal.bytes()).not.toContain('\u001b[2J');
  expect(terminal.bytes()).not.toContain('\u001b[3J');
});
