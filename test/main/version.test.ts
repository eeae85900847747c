/** What the built program says of itself and of the machine. */
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { version as schema } from '../../src/output/schema/documents/version.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'bin/netdoctor');

interface Said {
  native: { name: string; version: string | null; because: string | null }[];
  abilities: { name: string; able: boolean; says: string; get: string | null }[];
}

const asked = async (): Promise<Said> => {
  const { stdout } = await execa(PROGRAM, ['--version', '--json'], { stdin: 'ignore' });
  return JSON.parse(stdout) as Said;
};

beforeAll(async () => {
  const build = `await (await import('./bin/set-up/build.mjs')).buildProgram()`;
  await execa(process.execPath, ['--input-type=module', '-e', build], { cwd: ROOT });
}, 120_000);

describe('--version --json', () => {
  it('is the published document, and tells each ability with what there is to say', async () => {
    const said = await asked();
    expect(schema.parse(said)).toEqual(said);
    expect(said.native.find(({ name }) => name === 'koffi')?.version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const { says } of said.abilities) expect(says).not.toBe('');
    expect(said.abilities.map(({ name }) => name)).toEqual([
      'captures',
      'connections',
      'iptables',
      'links',
      'namespaces',
      'rules',
      'tracepoints',
    ]);
  });
});
