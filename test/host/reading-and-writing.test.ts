import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  listNames,
  makeFolder,
  namespaceAt,
  readLink,
  readText,
  removeFile,
  removeLater,
  writeLater,
  writeText,
} from '../../src/host/files.ts';

let folder: string;
const at = (name: string): string => path.join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netdoctor-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('reading', () => {
  test('a text, names and a link, each with the command that shows it again', () => {
    writeFileSync(at('ip_forward'), '0\n');
    symlinkSync('ip_forward', at('link'));
    expect(readText(at('ip_forward'))).toEqual({
      known: true,
      value: '0\n',
      source: ['cat', at('ip_forward')],
    });
    expect(listNames(folder)).toMatchObject({ value: ['ip_forward', 'link'], source: ['ls', folder] });
    expect(readLink(at('link'))).toMatchObject({ value: 'ip_forward' });
  });

  test('what is not there has vanished; what is something else is unreadable', () => {
    expect(readText(at('gone'))).toMatchObject({
      known: false,
      because: 'vanished',
      detail: `${at('gone')}: ENOENT`,
    });
    writeFileSync(at('file'), '');
    expect(listNames(at('file'))).toMatchObject({ known: false, because: 'vanished' });
    expect(readText(folder)).toMatchObject({ known: false, because: 'unreadable' });
  });

  test('a namespace is known by its inode', () => {
    const own = namespaceAt('/proc/self/ns/net');
    expect(own).toMatchObject({ known: true, value: { path: '/proc/self/ns/net' } });
    expect(own.known && own.value.inode).toBe(statSync('/proc/self/ns/net').ino);
    expect(namespaceAt('/proc/self/ns/none')).toMatchObject({ known: false, because: 'vanished' });
  });
});

describe('writing', () => {
  test('a new file with its mode, and again without leaving an old tail where the kernel keeps one', () => {
    expect(writeText(at('history'), 'hop 3\n', { mode: 0o600 })).toMatchObject({ known: true });
    expect(statSync(at('history')).mode & 0o777).toBe(0o600);
    expect(readFileSync(at('history'), 'utf8')).toBe('hop 3\n');
  });

  test('at the end of what is there', () => {
    writeText(at('log'), 'one\n', { append: true });
    writeText(at('log'), 'two\n', { append: true });
    expect(readFileSync(at('log'), 'utf8')).toBe('one\ntwo\n');
  });

  test('synced: folders and all, with nothing left beside it', () => {
    const file = at('a/b/entry.json');
    expect(writeText(file, '{"long": "before"}', { sync: true, mode: 0o644 })).toMatchObject({ known: true });
    expect(writeText(file, '{}', { sync: true, mode: 0o644 })).toMatchObject({ known: true });
    expect(readFileSync(file, 'utf8')).toBe('{}');
    expect(readdirSync(path.dirname(file))).toEqual(['entry.json']);
  });

  test('synced where it cannot be: the old stays, and nothing is left beside it', () => {
    mkdirSync(at('taken'));
    writeFileSync(at('taken/inside'), '');
    expect(writeText(at('taken'), 'new', { sync: true })).toMatchObject({ known: false });
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  test('where nothing can be: why', () => {
    expect(writeText(at('no/such/folder'), '')).toMatchObject({
      known: false,
      because: 'vanished',
      source: ['write', at('no/such/folder')],
    });
  });

  test('later, only into what exists', async () => {
    expect(await writeLater(at('enable'), '1')).toMatchObject({ known: false, because: 'vanished' });
    writeFileSync(at('enable'), '0');
    expect(await writeLater(at('enable'), '1')).toMatchObject({ known: true });
    expect(readFileSync(at('enable'), 'utf8')).toBe('1');
  });
});

describe('taking away', () => {
  test('a file or an empty folder, and never what is inside one', async () => {
    makeFolder(at('a/b'));
    writeFileSync(at('a/file'), '');
    expect(removeFile(at('a'))).toMatchObject({ known: false });
    expect(existsSync(at('a/file'))).toBe(true);
    expect(removeFile(at('a/file'))).toMatchObject({ known: true });
    expect(await removeLater(at('a/b'))).toMatchObject({ known: true });
    expect(removeFile(at('a'))).toMatchObject({ known: true });
    expect(removeFile(at('a'))).toMatchObject({ known: false, because: 'vanished' });
    expect(await removeLater(at('a'))).toMatchObject({ known: false, because: 'vanished' });
  });
});
