import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromText } from '../../src/host/record/recording.ts';
import { recorded } from '../../src/main/record.ts';
import { known } from '../../src/model/answer.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netdoctor-record-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const machine = async () => ({
  ...fakeMachine({ files: { '/proc/a': '1\n' } }),
  env: {},
});

test('a call is kept with its words, for its user alone, without the name of the file', async () => {
  const file = join(folder, 'run.json');
  const argv = ['web', '--record', file, '--json'];
  const code = await recorded(file, argv, machine, async (ask) => {
    (await ask()).read('/proc/a');
    return 1;
  });
  expect(code).toBe(1);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { argv: kept, asked } = fromText(readFileSync(file, 'utf8'));
  expect(kept).toEqual(['web', '--json']);
  expect(asked.map(({ ask, answer }) => ({ ask, answer }))).toEqual([
    { ask: 'read /proc/a', answer: known('1\n', ['cat', '/proc/a']) },
  ]);
});

test('a call that fails is kept too', async () => {
  const file = join(folder, 'run.json');
  const failing = recorded(file, [`--record=${file}`], machine, async () => {
    throw new Error('on purpose');
  });
  await expect(failing).rejects.toThrow('on purpose');
  expect(fromText(readFileSync(file, 'utf8')).argv).toEqual([]);
});

test('a file that cannot be written is said', async () => {
  writeFileSync(join(folder, 'file'), '');
  const nowhere = join(folder, 'file', 'run.json');
  await expect(recorded(nowhere, [], machine, async () => 0)).rejects.toThrow('could not be written');
});
