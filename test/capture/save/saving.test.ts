// What is announced is in the file: one after the other, in rings, on full disks.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nameOf, withDate } from '../../../src/capture/save/file-names.ts';
import { type Into, Saving } from '../../../src/capture/save/saving.ts';
import { behindSudo, newFile } from '../../../src/host/new-file.ts';
import { LINK } from '../../../src/pcapng/content.ts';
import { names, packet, read, statistics, uplink } from '../../pcapng/sample.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netdoctor-saving-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const head = {
  application: 'netdoctor',
  os: null,
  interfaces: [uplink],
  link: LINK.ethernet,
  snaplen: 96,
  names,
};
const { signal } = new AbortController();
const begin = (extra: Partial<Into> = {}) =>
  Saving.begin(
    head,
    { file: join(folder, 'a.pcapng'), most: null, size: null, seconds: null, env: {}, ...extra },
    signal,
  );
const last = [{ ...statistics, on: 0 }];
const packetsIn = (name: string) => {
  const { items, malformed, incomplete } = read(readFileSync(join(folder, name)));
  expect([malformed, incomplete]).toEqual([null, null]);
  expect(items.at(-1)).toMatchObject({ type: 'statistics' });
  return items.filter(({ type }) => type === 'packet').length;
};

describe('files', () => {
  test('one, with all that was written', async () => {
    const saving = await begin();
    for (let n = 0; n < 5; n++) saving.packet(packet());
    expect(await saving.flush(signal, () => last)).toBeNull();
    expect(saving.saved).toBe(5);
    expect(await saving.end(signal, last)).toBeNull();
    expect(packetsIn('a.pcapng')).toBe(5);
  });

  test('one after the other, each whole', async () => {
    const saving = await begin({ size: 600 });
    for (let n = 0; n < 20; n++) saving.packet(packet());
    expect(await saving.flush(signal, () => last)).toBeNull();
    expect(await saving.end(signal, last)).toBeNull();
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(2);
    expect(files).toContain('a-1.pcapng');
    expect(files.reduce((sum, name) => sum + packetsIn(name), 0)).toBe(20);
  });

  test('where the next one cannot be, what is saved stays, and why is said', async () => {
    writeFileSync(join(folder, 'a-1.pcapng'), 'mine');
    const saving = await begin({ size: 600 });
    for (let n = 0; n < 20; n++) saving.packet(packet());
    expect(await saving.flush(signal, () => last)).toMatch(/a-1\.pcapng is there already/);
    expect(packetsIn('a.pcapng')).toBe(saving.saved);
    expect(readFileSync(join(folder, 'a-1.pcapng'), 'utf8')).toBe('mine');
  });

  test('a ring, whose oldest is written anew', async () => {
    const saving = await begin({ size: 600, most: 2 });
    for (let n = 0; n < 40; n++) saving.packet(packet());
    expect(await saving.flush(signal, () => last)).toBeNull();
    expect(await saving.end(signal, last)).toBeNull();
    expect(readdirSync(folder)).toEqual(['a-0.pcapng', 'a-1.pcapng']);
    expect(packetsIn('a-0.pcapng') + packetsIn('a-1.pcapng')).toBeGreaterThan(5);
  });

  test('of one of which nothing came nothing is left', async () => {
    (await begin()).discard();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a name', () => {
  test.each(['a file', 'a link', 'a dangling link'])('that %s has already is refused', async (what) => {
    const place = join(folder, 'a.pcapng');
    if (what === 'a file') writeFileSync(place, 'mine');
    else symlinkSync(what === 'a link' ? '/etc/hostname' : join(folder, 'nowhere'), place);
    await expect(begin()).rejects.toMatchObject({ problem: { exit: 2, code: 'file-exists' } });
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test('in a folder that is not there cannot be', async () => {
    await expect(begin({ file: join(folder, 'no/a.pcapng') })).rejects.toMatchObject({
      problem: { exit: 3 },
    });
  });

  test('is numbered before its ending, and dated as strftime(3) has it', () => {
    const date = new Date(2026, 0, 2, 3, 4, 5);
    const name = (file: string, most: number | null, number: number) => nameOf({ file, most }, number, date);
    expect([0, 1, 2].map((number) => name('d/a.pcapng', null, number))).toEqual([
      'd/a.pcapng',
      'd/a-1.pcapng',
      'd/a-2.pcapng',
    ]);
    expect([0, 9, 10, 11].map((number) => name('a.pcapng', 11, number))).toEqual([
      'a-00.pcapng',
      'a-09.pcapng',
      'a-10.pcapng',
      'a-00.pcapng',
    ]);
    expect(name('a-%F-%H%M%S.pcapng', null, 7)).toBe('a-2026-01-02-030405.pcapng');
    expect(withDate('100%%-%q', date)).toBe('100%-%q');
  });
});

test('a file is its owner’s alone', () => {
  const opened = newFile(join(folder, 'b'), {});
  if (!opened.known) throw new Error(opened.detail);
  expect(opened.value.write(Buffer.from('one'))).toBeNull();
  expect(opened.value.size).toBe(3);
  expect(opened.value.close()).toBeNull();
  expect(statSync(join(folder, 'b')).mode & 0o777).toBe(0o600);
});

test('the person behind sudo is believed where root was had by it, and nobody else', () => {
  const root = process.getuid?.() === 0;
  expect(behindSudo({ SUDO_UID: '1000', SUDO_GID: '1001' })).toEqual(
    root ? { user: 1000, group: 1001 } : null,
  );
  for (const wrong of [
    {},
    { SUDO_UID: '1000' },
    { SUDO_UID: '-1', SUDO_GID: '1' },
    { SUDO_UID: 'x', SUDO_GID: '1' },
  ])
    expect(behindSudo(wrong)).toBeNull();
});
