// What a run into a pipe says first, and what is loaded by then.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from './lab.ts';
import { program } from './lab-network.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

/** Starts the program as its launcher is started, and says the name of each of its scripts as it is loaded. */
const TELLING = `
  globalThis[Symbol.for('netdoctor.scripts')] = (name) => require('node:fs').writeSync(1, name + '\\n');
  process.argv.splice(1, 0, ${JSON.stringify(program)});
  require(${JSON.stringify(program)});`;

test('what is asked is said before what answers it is loaded', async () => {
  const asked = ['diagnose', `netns:${lab.names.A}`, '--to', '198.51.100.1'];
  const { stdout } = await lab.run('host', [process.execPath, '--eval', TELLING, '--', ...asked]);
  const lines = String(stdout).split('\n');
  const at = (line: RegExp) => lines.findIndex((one) => line.test(one));
  expect(at(/^target-\w+\.script$/)).toBeGreaterThan(-1);
  expect(at(/ → 198\.51\.100\.1 /)).toBeGreaterThan(at(/^target-\w+\.script$/));
  expect(at(/^ask-\w+\.script$/)).toBeGreaterThan(at(/ → 198\.51\.100\.1 /));
});
