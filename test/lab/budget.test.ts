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

interface Spent {
  /** Programs that were started, each as it was typed. */
  readonly programs: readonly string[];
  /** What they printed, in bytes. */
  readonly printed: number;
  readonly files: number;
}

async function spent(): Promise<Spent> {
  const file = path.join(lab.folder, 'budget.json');
  const target = `netns:${lab.names.A}`;
  const { exitCode, stderr } = await runNetdoctor(lab, target, ['--to', '198.51.100.1', '--record', file]);
  expect(exitCode, stderr).toBeLessThan(2);
  const { asked } = fromText(readFileSync(file, 'utf8'));
  const ran = asked.filter(({ ask }) => ask.startsWith('run '));
  return {
    programs: ran.map(({ ask }) => ask),
    printed: ran.reduce((sum, { answer }) => sum + JSON.stringify(answer).length, 0),
    files: asked.filter(({ ask }) => /^(read|list) /.test(ask) && !STRANGERS.test(ask)).length,
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

/** Each for a source that nobody here has. */
const RULES = Array.from(
  { length: 3000 },
  (_, at) => `-A DOCKER-USER -s 10.100.${at >> 8}.${at & 255}/32 -j DROP`,
);

test('a rule behind thousands that the packet only passes is named without them', async () => {
  const input = `*filter\n${RULES.join('\n')}\nCOMMIT\n`;
  await lab.run('host', ['iptables-restore', '--noflush'], { input });
  await lab.step({ in: 'host', sh: 'iptables -I FORWARD 2 -d 198.51.100.1 -j DROP' });
  const { programs, printed, files } = await spent();
  // The chain in which it ended, and the policies of those that it passed.
  expect(programs.length, programs.join('\n')).toBeLessThanOrEqual(3);
  expect(printed).toBeLessThan(4000);
  expect(files).toBeLessThanOrEqual(30);
});
