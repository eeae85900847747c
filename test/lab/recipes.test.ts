/** Every recipe on real namespaces: made, proved by traffic, made again, taken back, interrupted, and by its script. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundled, enclosed as start } from '../guide/enclosed/bundles.ts';
import { cases } from '../guide/enclosed/cases.ts';

const root = join(import.meta.dirname, '../..');

let program: Awaited<ReturnType<typeof bundled>>;
beforeAll(async () => {
  program = await bundled('recipe');
});
afterAll(() => program.remove());

/** Runs one mode of the enclosed program, and reads what it saw. */
async function enclosed(name: string, mode: string) {
  const { stdout, stderr } = await start(program.file, [name, mode]);
  const last = stdout.trim().split('\n').at(-1);
  if (!last) throw new Error(stderr);
  return JSON.parse(last);
}

it('has a case for every recipe', () => {
  const tried = new Set(Object.values(cases).map((one) => `${one.recipe}.yaml`));
  expect(readdirSync(join(root, 'recipes')).filter((file) => !tried.has(file))).toEqual([]);
});

describe.each(Object.keys(cases).filter((name) => name !== 'ipvlan'))('%s', (name) => {
  it('is made, proved, made again without a change, and taken back', async () => {
    const { first, second, unchanged, said, left } = await enclosed(name, 'life');
    expect(first.end).toMatchObject({ status: 'done', because: null });
    expect(first.commands).toBeGreaterThan(0);
    expect(first.proofs.length).toBeGreaterThan(0);
    expect(second.end).toMatchObject({ status: 'done', journal: null });
    expect(second.commands, 'a second run has nothing to do').toBe(0);
    expect(unchanged).toEqual([]);
    expect(said, 'undo says nothing is left').toEqual([]);
    expect(left, 'the machine is as it was before').toEqual([]);
  }, 180_000);

  it('is taken back after an end between any two of its commands', async () => {
    const { commands, faults } = await enclosed(name, 'interrupted');
    expect(commands).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  }, 180_000);

  it('is made by its script, and unmade by the lines at its end', async () => {
    const { untouched, made, proofs, undone, left } = await enclosed(name, 'script');
    expect(untouched, 'printing it changes nothing').toEqual([]);
    expect(made).toEqual([0, '']);
    expect(proofs, 'what must hold and does not').toEqual([]);
    expect(undone).toEqual([0, '']);
    // iptables leaves the empty table that it made; the journal takes that away too.
    expect(
      left.filter((line: string) => !/mangle|FORWARD ACCEPT|type filter hook forward/.test(line)),
    ).toEqual([]);
  }, 180_000);
});

it('says so where the kernel has no ipvlan', async () => {
  const known = await execa('unshare', ['--net', 'ip', 'link', 'add', 'x', 'type', 'ipvlan'], {
    reject: false,
  });
  const answer = await enclosed('ipvlan', 'life');
  if (/unknown device type/i.test(known.stderr)) {
    expect(answer.failure).toMatchObject({
      exit: 3,
      message: expect.stringMatching(/This kernel has no ipvlan/),
    });
  } else {
    expect(answer.first.end).toMatchObject({ status: 'done' });
    expect(answer.left).toEqual([]);
  }
});
