// What an ordinary run asks of the machine. These numbers may only go down: a cause or a witness that needs more than the
// run asks anyway finds out at which stage it is needed, and shares what others have asked.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromText } from '../../src/host/record/recording.ts';
import { Lab } from './lab.ts';
import { runNetdoctor } from './lab-network.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

/** What other processes and namespaces of this machine are there is not the run's to decide. */
const STRANGERS = /^(read|list) \/proc\/\d+\/(?!fd)| in \/(proc\/\d+\/|run\/netns\/)/;

async function spent(): Promise<{ programs: readonly string[]; files: number }> {
  const file = path.join(lab.folder, 'budget.json');
  const target = `netns:${lab.names.A}`;
  const { exitCode, stderr } = await runNetdoctor(lab, target, ['--to', '198.51.100.1', '--record', file]);
  expect(exitCode, stderr).toBeLessThan(2);
  const asked = fromText(readFileSync(file, 'utf8')).asked.map(({ ask }) => ask);
  return {
    programs: asked.filter((ask) => ask.startsWith('run ')),
    files: asked.filter((ask) => /^(read|list) /.test(ask) && !STRANGERS.test(ask)).length,
  };
}

/** As it is; a smaller number belongs here as soon as there is one. */
test.each([
  ['healthy', '1', { programs: 0, files: 20 }],
  ['dropped', '0', { programs: 1, files: 30 }],
])('a run that finds it %s starts so many programs and reads so many files', async (_, forward, most) => {
  await lab.step({ in: 'host', sh: `sysctl -qw net.ipv4.ip_forward=${forward}` });
  const { programs, files } = await spent();
  expect(programs.length, programs.join('\n')).toBeLessThanOrEqual(most.programs);
  expect(files).toBeLessThanOrEqual(most.files);
});
