// Where the output goes: what a script reads is whole, or the exit code says that it is not.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { program } from '../lab/lab-network.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
  const bridges = Array.from({ length: 400 }, (_, index) => `link add many${index} type bridge`);
  await lab.run('host', ['ip', '-force', '-batch', '-'], { input: `${bridges.join('\n')}\n`, reject: false });
});
afterAll(() => lab.down());

const diagnose = (): string => `${program} diagnose netns:${lab.names.A} --to 198.51.100.1`;

async function shell(script: string) {
  const { exitCode, stdout, stderr } = await lab.run('host', ['bash', '-c', script], {
    reject: false,
    timeout: 50_000,
    maxBuffer: 50_000_000,
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

test('a document of more than a pipe holds arrives whole, however late it is read', async () => {
  const { stdout } = await shell(`${program} map --json | (sleep 2; cat)`);
  expect(stdout.length).toBeGreaterThan(100_000);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'netdoctor/map/1' });
});

test('so do events of a long run, and the document at their end', async () => {
  const { stdout } = await shell(`${diagnose()} --ndjson --count 100 | (sleep 4; cat)`);
  expect(stdout.length).toBeGreaterThan(100_000);
  expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ schema: 'netdoctor/diagnosis/1' });
});

test.each(['--json', '--ndjson', '--plain'])('%s onto a full disk is no verdict', async (as) => {
  const { exitCode, stderr } = await shell(`${diagnose()} ${as} > /dev/full`);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/could not be written: no space is left there/);
});

test('nobody reads: it ends when it is told to', async () => {
  const script = `${diagnose()} --ndjson --count 200 > >(sleep 10) & pid=$!; sleep 6; kill -INT $pid; wait $pid; echo "rc $?"`;
  const { stdout } = await shell(script);
  expect(stdout).toContain('rc 130');
});
