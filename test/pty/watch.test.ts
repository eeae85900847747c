/** A watch in a real terminal, narrow and wide: every hop in sight, no row wrapped, and the terminal as it was afterwards. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { widthOf } from '../../src/output/line/width.ts';
import { Lab } from '../lab/lab.ts';
import { namespacePath } from '../lab/names.ts';
import { Tmux } from './tmux.ts';

const program = path.resolve(import.meta.dirname, '../../bin/netdoctor');

let lab: Lab;
let terminal: Tmux | undefined;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());
afterEach(() => terminal?.close());

const KEYS = /space.*·.*q/;
/** Small bars, one a probe. */
const BARS = /[▁▂▃▄▅▆▇█]{3}/;

test('in the conversation, without a probe: what goes wrong as it does, and the whole after Ctrl-C', async () => {
  const file = path.join(lab.folder, 'quiet.pcapng');
  const opened = new Tmux(namespacePath(lab.names.host), { columns: 100, rows: 40 });
  terminal = opened;
  await opened.until(/^\$/);
  opened.enter(`${program} netns:${lab.names.A} --to 198.51.100.1 --no-trace`);
  await opened.until((all) => all.some((row) => /Ctrl-D/.test(row)), 'the prompt');
  opened.enter(`watch --passive --save ${file}`);
  await opened.until((all) => all.some((row) => /nothing is sent/.test(row)), 'that it watches');
  await lab.step({ in: 'A', sh: 'ask tcp 198.51.100.1 82 get 2' });
  await opened.until(
    (all) => all.some((row) => /198\.51\.100\.1\.82: connection refused/.test(row)),
    'a trouble',
  );
  opened.press('C-c');
  await opened.until((all) => all.some((row) => /1 +connection refused/.test(row)), 'the whole');
  await opened.until((all) => all.some((row) => /around what went wrong saved in/.test(row)), 'the file');
  expect(statSync(file).size).toBeGreaterThan(200);
  opened.enter('quit');
  await opened.until((all) => all.filter((row) => row.startsWith('$ ')).length > 1, 'the shell');
});

test.each([40, 80, 140])('on %i columns', async (columns) => {
  const opened = new Tmux(namespacePath(lab.names.host), { columns, rows: 26 });
  terminal = opened;
  await opened.until(/^\$/);
  opened.enter(`${program} watch netns:${lab.names.A} --to 198.51.100.1 --no-trace`);
  const wide = columns > 60;
  const rows = await opened.until(
    (all) =>
      all.some((row) => KEYS.test(row)) &&
      all.some((row) => /\d+ probes, none lost/.test(row)) &&
      (!wide || all.some((row) => BARS.test(row))),
    'probes that came through',
  );
  const frame = rows.slice(rows.findLastIndex((row) => row.includes('icmp every')));
  for (const name of ['eth0@', 'vetha', 'br0', 'up0', 'beyond'])
    expect(frame.filter((row) => row.includes(name))).toHaveLength(1);
  for (const row of frame) expect(widthOf(row)).toBeLessThanOrEqual(columns);
  expect(frame.some((row) => BARS.test(row))).toBe(wide);
  opened.press('n', 'Space');
  await opened.until((all) => all.some((row) => /between|frozen/.test(row)), 'what the keys do');
  opened.press('q');
  await opened.until((all) => all.filter((row) => row.startsWith('$ ')).length > 1, 'the shell');
  opened.enter('echo exit $?');
  await opened.until(/^exit 0$/);
  expect(opened.settings()).toMatch(/ icanon /);
});
