import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asFile } from '../../src/host/unpack.ts';

const bytes = Buffer.from('native code');
const sha256 = createHash('sha256').update(bytes).digest('hex');

/** What another netdoctor on this machine may have there meanwhile is none of this test's. */
const left = (folder: string): boolean => readdirSync(dirname(folder)).includes(folder.split('/').at(-1)!);

describe('a file for the moment in which it is loaded', () => {
  it('lies in a folder that only its owner may enter, and is gone afterwards', () => {
    const seen = asFile(bytes, sha256, 'koffi.node', (file) => {
      const { mode, uid } = statSync(dirname(file));
      return { folder: dirname(file), text: readFileSync(file, 'utf8'), mode: mode & 0o7777, uid };
    });
    expect(seen).toMatchObject({ text: 'native code', mode: 0o700, uid: process.getuid!() });
    expect(left(seen.folder)).toBe(false);
  });

  it('is tried in the next place where one refuses it, as a noexec mount does', () => {
    const folders: string[] = [];
    const load = (file: string): number => {
      folders.push(dirname(file));
      if (folders.length === 1) throw new Error('failed to map segment from shared object');
      return folders.length;
    };
    expect(asFile(bytes, sha256, 'koffi.node', load)).toBe(2);
    expect(new Set(folders.map(dirname)).size).toBe(2);
    expect(folders.filter(left)).toEqual([]);
  });

  it('tells the first error where no place serves, and leaves nothing', () => {
    const folders: string[] = [];
    const refuse = (file: string): never => {
      folders.push(dirname(file));
      throw new Error(`no ${folders.length}`);
    };
    expect(() => asFile(bytes, sha256, 'koffi.node', refuse)).toThrow('no 1');
    expect(folders.length).toBeGreaterThan(1);
    expect(folders.filter(left)).toEqual([]);
  });

  it('is not loaded when it is not what was built', () => {
    expect(() => asFile(bytes, '0'.repeat(64), 'koffi.node', () => 'loaded')).toThrow(
      'is not what was built',
    );
  });
});
