/** The kernel takes any bytes as names and comments of nf_tables; nft would parse them as commands. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { diagnose, netdoctor, UNPRINTABLE } from './attacked.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.up();
});
afterEach(() => lab?.down());

interface Forged {
  readonly table?: string;
  readonly chain?: string;
  readonly comment?: string;
}

/** Drops what A sends, in a chain or by a rule with a comment that no nft would write; JSON escapes what text cannot. */
async function forge({ table = 't', chain = 'c', comment }: Forged): Promise<void> {
  const place = { family: 'inet', table };
  const base = { ...place, name: chain, type: 'filter', hook: 'output', prio: 0 };
  const rule = { ...place, chain, expr: [{ drop: null }], comment };
  const nftables = [
    { add: { table: { family: 'inet', name: table } } },
    { add: { chain: { ...base, policy: comment === undefined ? 'drop' : 'accept' } } },
    ...(comment === undefined ? [] : [{ add: { rule } }]),
  ];
  const file = join(lab.folder, 'forged.json');
  writeFileSync(file, JSON.stringify({ nftables }));
  await lab.run('A', ['nft', '-j', '-f', file]);
}

const ruleset = async (): Promise<string> =>
  String((await lab.run('A', ['nft', '-s', 'list', 'ruleset'])).stdout);

const FORGED: readonly (readonly [string, Forged])[] = [
  ['a chain that is a command', { chain: 'c; add table ip PWNED' }],
  ['a chain that is an option', { chain: '--file=/dev/zero' }],
  ['a chain that reads a file', { chain: 'c; include "/dev/zero"' }],
  ['a table with escapes', { table: '\u001b]0;T\u0007\u202e' }],
  [
    'a table with a line break',
    { table: 't {\n\tchain x {\n\t\ttype filter hook output priority 0; policy drop;' },
  ],
  ['a comment that closes its quote', { comment: 'x"; add table ip PWNED; #' }],
  ['a comment of several lines', { comment: '\u001b]0;T\u0007\n\t\tdrop # handle 99' }],
  ['a prefix that looks like the end', { comment: 'a" accept comment "y' }],
];

describe.each(FORGED)('%s', (_, forged) => {
  it('is shown, changes nothing, and is neither mended nor harmed', async () => {
    await forge(forged);
    const before = await ruleset();
    const seen = await diagnose(lab, '--read-only');
    expect(seen.exitCode).toBe(1);
    expect(seen.stdout).toMatch(/drop/);
    expect(seen.stdout).not.toMatch(UNPRINTABLE);
    expect(await ruleset()).toBe(before);
    const mended = await diagnose(lab, '--fix=disruptive', '--yes');
    // 3: a fix was there, and what it would change could not be read back; nothing was done.
    expect([1, 3]).toContain(mended.exitCode);
    expect((await netdoctor(lab, ['undo', '--all'])).exitCode).toBe(0);
    expect(await ruleset()).toBe(before);
  });
});

it('words of a comment of iptables never become words of a command', async () => {
  const evil = `${lab.folder}/evil`;
  await lab.step({ in: 'A', sh: `printf '#!/bin/sh\\ntouch ${evil}.ran\\n' > ${evil}; chmod 755 ${evil}` });
  for (const comment of [`a --modprobe=${evil}\nb`, `--modprobe=${evil}`, 'two "quotes" \\ and a stroke']) {
    await lab.run('A', ['iptables', '-A', 'OUTPUT', '-m', 'comment', '--comment', comment, '-j', 'DROP']);
    const before = await ruleset();
    await diagnose(lab, '--fix=disruptive', '--yes');
    await netdoctor(lab, ['undo', '--all']);
    expect(await ruleset()).toBe(before);
    await lab.run('A', ['iptables', '-F', 'OUTPUT']);
  }
  expect((await lab.step({ in: 'A', sh: `test -e ${evil}.ran` })).exitCode).not.toBe(0);
});
