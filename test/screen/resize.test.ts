import { expect, test } from 'vitest';
import { story } from '../repl/fixture/forwarding-off.ts';
import { converse, settle } from './conversation.ts';
import { until } from './terminal.ts';

const running = [...story.slice(0, 20), null];

test.each([
  [140, 40, 60, 20],
  [80, 24, 40, 24],
  [80, 24, 40, 10],
  [80, 24, 80, 10],
  [40, 10, 140, 40],
])(
  'from %i×%i to %i×%i while a run is on: nothing twice, nothing of the user lost',
  async (c1, r1, c2, r2) => {
    const { terminal, ended } = converse(c1, r1, { events: running });
    await until(terminal, (all) => all.some((row) => row.includes('3 sent')), 'counters');
    await settle();
    await terminal.resize(c2, r2);
    await settle();
    const all = await terminal.all();
    expect(all.slice(0, 2)).toEqual(['user@host:~$ echo before', 'before']);
    expect(all.filter((row) => row.startsWith('netdoctor web ▸'))).toHaveLength(1);
    // A terminal that got lower has pushed the top of the old picture out of reach; what is in sight is whole.
    const screen = await terminal.screen();
    expect(screen.filter((row) => row.includes('Ctrl-C stop'))).toHaveLength(1);
    expect(screen.filter((row) => row.includes('3 sent')).length).toBeLessThanOrEqual(1);
    terminal.type('\u0003\u0003');
    await ended;
  },
);

test('dragging the window narrower and wider again leaves one prompt', async () => {
  const { terminal, ended } = converse(100, 24, { events: running });
  await until(terminal, (all) => all.some((row) => row.includes('3 sent')), 'counters');
  for (const columns of [90, 70, 50, 41, 60, 99, 30, 100]) {
    await terminal.resize(columns, 24);
    await settle(40);
  }
  const all = await terminal.all();
  expect(all.filter((row) => row.startsWith('netdoctor web ▸'))).toHaveLength(1);
  expect(all.filter((row) => row.includes('veth6a383f2'))).toHaveLength(1);
  terminal.type('\u0003\u0003');
  await ended;
});
