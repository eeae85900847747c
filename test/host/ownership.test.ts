import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ownedAlone } from '../../src/host/ownership.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nd-own-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a folder of one’s own is believed, in a sticky folder too, and what is not there yet', () => {
  expect(ownedAlone(folder)).toMatchObject({ known: true });
  expect(ownedAlone(join(folder, 'a/b/c.json'))).toMatchObject({ known: true });
});

it('a folder that others can write is not, nor anything below it', () => {
  mkdirSync(join(folder, 'open/inner'), { recursive: true });
  chmodSync(join(folder, 'open'), 0o777);
  expect(ownedAlone(join(folder, 'open/inner'))).toMatchObject({
    known: false,
    detail: `${folder}/open can be written by others`,
  });
});

it('a link is judged by where it leads', () => {
  mkdirSync(join(folder, 'open'));
  chmodSync(join(folder, 'open'), 0o777);
  symlinkSync('open', join(folder, 'link'));
  expect(ownedAlone(join(folder, 'link/x'))).toMatchObject({ known: false });
  mkdirSync(join(folder, 'closed'), { mode: 0o700 });
  symlinkSync(join(folder, 'closed'), join(folder, 'fine'));
  expect(ownedAlone(join(folder, 'fine/x'))).toMatchObject({ known: true });
  symlinkSync('round', join(folder, 'round'));
  expect(ownedAlone(join(folder, 'round'))).toMatchObject({ known: false });
});

it('a file that others can write is not believed', () => {
  writeFileSync(join(folder, 'f'), '');
  chmodSync(join(folder, 'f'), 0o666);
  expect(ownedAlone(join(folder, 'f'))).toMatchObject({ known: false });
});
