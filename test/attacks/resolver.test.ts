// The container's name server answers a question with junk that never ends.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { among, asked, configureNames } from './strangers.ts';

const SERVER = '198.51.100.1';
const who = [{ in: 'LAN' as const, does: `resolver ${SERVER}` }];

let lab: Lab;
let folder: string;
beforeAll(async () => {
  lab = await Lab.up();
  folder = configureNames(lab, `nameserver ${SERVER}\n`);
});
afterAll(() => {
  lab.down();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['a question to it', ['--proto', 'dns', '--to', SERVER]],
  ['a name that it is asked for', ['--to', 'db.example:80']],
])('%s ends in time', async (_, args) => {
  const { seconds, exitCode, said } = await among(lab, who, () => asked(lab, [...args, '--timeout', '6']));
  expect(said).not.toBeNull();
  expect([1, 3]).toContain(exitCode);
  expect(seconds).toBeLessThan(15);
});
