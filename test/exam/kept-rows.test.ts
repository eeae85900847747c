import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Row } from '../lab/scenario.ts';
import type { Scenario } from '../lab/scenario-file.ts';
import { KeptRows } from './kept-rows.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-rows-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const scenario = { file: 's01', expect: 'healthy' } as Scenario;
const findings = [{ what: 'rp_filter is strict' }];
const document = JSON.stringify({ findings, evidence: ['long'], unknown: [], direction: 'request' });
const row: Row = {
  scenario,
  control: null,
  answer: { status: 'healthy', cause: null, between: null, seconds: 1, document },
  repaired: null,
  failedSteps: [],
};

it('knows in a later run what an earlier one was answered, and of the document what is graded', () => {
  const path = join(folder, 'rows');
  new KeptRows(path).keep(scenario, { 1: row });
  const later = new KeptRows(path);
  const graded = JSON.stringify({ unknown: [], findings, direction: 'request' });
  expect(later.of(scenario)).toEqual({ 1: { ...row, answer: { ...row.answer, document: graded } } });
  expect(later.of({ ...scenario, file: 's02' })).toBeNull();
});

it('keeps nothing where nothing is to be kept', () => {
  const rows = new KeptRows(null);
  rows.keep(scenario, { 1: row });
  expect(rows.of(scenario)).toBeNull();
});
