import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Scenario } from '../lab/scenario-file.ts';
import { forget, leftIn } from './left.ts';

const scenarios = ['f01', 's01', 'v01'].map((file) => ({ file })) as unknown as Scenario[];
let out: string;
const leave = (name: string, text: string): void => writeFileSync(join(out, name), text);

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'netdoctor-test-'));
});
afterEach(() => rmSync(out, { recursive: true }));

it('tells what was played, what could not be, and what is left', () => {
  const row = { control: null, answer: { status: 'fault', cause: 'x', seconds: 1 }, repaired: null };
  leave('rows', `${JSON.stringify({ file: 's01', rows: { played: row } })}\n`);
  leave(
    'log',
    'not on this kernel  v01  vlan\nright  s01\nnot on this kernel  v01  vlan\nnot on this kernel  other  vlan\n',
  );
  leave('demo-rc', '0\n');
  leave('abilities', JSON.stringify({ abilities: [{ name: 'rules', able: true, says: 'nft' }] }));
  leave('release', '5.10.1\n');
  expect(leftIn(out, scenarios)).toMatchObject({
    rows: [{ scenario: scenarios[1], answer: { cause: 'x' } }],
    lacking: 1,
    unplayed: 1,
    demo: 0,
    abilities: [{ name: 'rules' }],
    release: '5.10.1',
    ended: false,
  });
});

it('an empty folder is one where nothing was asked', () => {
  expect(leftIn(out, scenarios)).toMatchObject({
    rows: [],
    demo: null,
    abilities: [],
    unplayed: 3,
    minutes: 0,
  });
});

it('whoever goes on keeps the rows', () => {
  leave('rows', `${JSON.stringify({ file: 's01', rows: { played: {} } })}\n`);
  leave('rc', '1');
  forget(out, true);
  expect(leftIn(out, scenarios)).toMatchObject({ ended: false, unplayed: 2 });
  forget(out, false);
  expect(leftIn(out, scenarios)).toMatchObject({ unplayed: 3 });
});
