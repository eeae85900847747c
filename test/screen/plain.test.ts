import { expect, test } from 'vitest';
import { healthyStory, story } from '../repl/fixture/forwarding-off.ts';
import { converse, settle } from './conversation.ts';
import { until } from './terminal.ts';

test('a dumb terminal gets lines: no sequence, nothing drawn twice', async () => {
  const { terminal, ended } = converse(80, 24, { env: { TERM: 'dumb' } });
  await until(terminal, (all) => all.some((row) => row.startsWith('x Requests stop')), 'the verdict');
  terminal.type('hop 1\n');
  await until(terminal, (all) => all.some((row) => row.includes('container/eth0')), 'the hop');
  terminal.type('quit\n');
  await ended;
  expect(terminal.bytes()).not.toContain('\u001b');
  expect((await terminal.all()).filter((row) => row.includes('veth6a383f2'))).toHaveLength(1);
});

test('a wrong word is named, since it cannot be underlined', async () => {
  const { terminal, ended } = converse(80, 24, { events: healthyStory, env: { TERM: 'dumb' } });
  await until(terminal, (all) => all.some((row) => row.startsWith('netdoctor web >')), 'the prompt');
  terminal.type('chekc\n');
  await until(terminal, (all) => all.some((row) => row.includes('Did you mean "check"?')), 'the hint');
  terminal.type('quit\n');
  await ended;
});

test('a screen reader gets the same words with the usual line editing', async () => {
  const { terminal, ended } = converse(80, 24, { events: story, env: { ACCESSIBLE: '1' } });
  await until(terminal, (all) => all.some((row) => row.startsWith('✗ Requests stop')), 'the verdict');
  expect(terminal.bytes()).not.toContain('\u001b[?2026h');
  terminal.type('quit\r');
  await ended;
  expect(terminal.raw()).toBe(false);
});

test('Ctrl-C on a dumb terminal stops the run first, twice leaves, and is given back', async () => {
  const before = process.listeners('SIGINT');
  const { terminal, ended } = converse(80, 24, {
    events: [...story.slice(0, 3), null],
    env: { TERM: 'dumb' },
  });
  await until(terminal, (all) => all.some((row) => row.startsWith('Starting captures')), 'the run');
  process.emit('SIGINT');
  await until(
    terminal,
    (all) => all.some((row) => row.includes('Stopped. Nothing was changed.')),
    'the stop',
  );
  expect(await terminal.all()).toContain('Ctrl-C again leaves netdoctor.');
  // A line in between: the next one is the first again.
  terminal.type('quti\n');
  await until(terminal, (all) => all.some((row) => row.includes('Did you mean "quit"?')), 'the hint');
  process.emit('SIGINT');
  process.emit('SIGINT');
  await ended;
  expect(process.listeners('SIGINT')).toEqual(before);
});

test('the end of the input is the end', async () => {
  const { terminal, ended } = converse(80, 24, { events: healthyStory, env: { TERM: 'dumb' } });
  await until(terminal, (all) => all.some((row) => row.startsWith('netdoctor web >')), 'the prompt');
  terminal.stdin.emit('end');
  await ended;
});

test('a question is asked once, however long it waits for its answer', async () => {
  let agreed: boolean | undefined;
  const { terminal, ended } = converse(80, 40, {
    events: story,
    env: { TERM: 'dumb' },
    repair: async (last, request) => {
      agreed = await request.agree({} as never, []);
      return { repairs: [], last };
    },
  });
  await until(terminal, (all) => all.some((row) => row.startsWith('x Requests stop')), 'the verdict');
  terminal.type('fix 1\n');
  await until(terminal, (all) => all.some((row) => row.includes('Make this change?')), 'the question');
  await settle(400);
  terminal.type('y\n');
  await until(terminal, () => agreed !== undefined, 'the answer');
  expect(agreed).toBe(true);
  expect(terminal.bytes().split('Make this change?')).toHaveLength(2);
  terminal.type('quit\n');
  await ended;
});

test('without a target it lists what there is, and is asked by a line', async () => {
  const { terminal, told, files, ended } = converse(80, 40, {
    events: healthyStory,
    env: { TERM: 'dumb' },
    target: null,
  });
  await until(terminal, (all) => all.some((row) => /^ +db +docker +running +172/.test(row)), 'the list');
  expect(await terminal.all()).toContain('What shall be diagnosed? Type check and a name; help says more.');
  terminal.type('check db\n');
  await until(terminal, () => told.asked.length > 0, 'the question');
  expect(told.asked[0]).toMatchObject({ target: 'db' });
  terminal.type('quit\n');
  await ended;
  expect(Object.values(files)).toEqual(['check db\nquit\n']);
});

test('progress is told now and then, not with each of its steps', async () => {
  const steps = story.flatMap((event) => (event.type === 'diagnosis' ? [] : [event]));
  const { terminal, ended } = converse(80, 40, {
    events: [...steps, story.at(-1)!],
    pace: 40,
    env: { TERM: 'dumb' },
  });
  await until(terminal, (all) => all.some((row) => row.startsWith('x Requests stop')), 'the verdict');
  const rows = await terminal.all();
  const before = rows.slice(
    0,
    rows.findIndex((row) => row.startsWith('web -> ')),
  );
  expect(before.filter((row) => /^(Starting captures|Probe|Waiting)/.test(row)).length).toBeLessThan(3);
  terminal.type('quit\n');
  await ended;
});
