import {
  appendFileSync,
  chownSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identityOf, readForeign } from '../../src/host/foreign-file.ts';

let folder: string;
const at = (name: string): string => path.join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netdoctor-foreign-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refusal = (file: string, why: string) => ({
  known: false,
  because: 'unreadable',
  detail: `${file} ${why}`,
  source: ['cat', file],
});

test('a regular file is read, with the command that shows it again', () => {
  writeFileSync(at('resolv.conf'), 'nameserver 192.0.2.53\n');
  expect(readForeign(at('resolv.conf'))).toEqual({
    known: true,
    value: 'nameserver 192.0.2.53\n',
    source: ['cat', at('resolv.conf')],
  });
  writeFileSync(at('empty'), '');
  expect(readForeign(at('empty'))).toMatchObject({ value: '' });
});

test('what is not there has vanished', () => {
  expect(readForeign(at('gone'))).toMatchObject({ known: false, because: 'vanished' });
});

test('a FIFO, with nobody at its other end, is not waited for', async () => {
  await execa('mkfifo', [at('fifo')]);
  expect(readForeign(at('fifo'))).toEqual(refusal(at('fifo'), 'is a FIFO'));
});

test.each(['/dev/zero', '/dev/null', '/dev/full'])('%s is not opened', (device) => {
  expect(readForeign(device)).toEqual(refusal(device, 'is a character device'));
  expect(readForeign(device, { trusted: true })).toEqual(refusal(device, 'is a character device'));
});

test('a folder and a socket are none', async () => {
  expect(readForeign(folder)).toEqual(refusal(folder, 'is a folder'));
  const server = createServer().listen(at('socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  expect(readForeign(at('socket'))).toEqual(refusal(at('socket'), 'is a socket'));
  server.close();
});

test('a link is followed in a place that is trusted, and there too to a regular file only', () => {
  writeFileSync(at('file'), 'x');
  symlinkSync('file', at('link'));
  symlinkSync('/dev/zero', at('zero'));
  expect(readForeign(at('link'))).toEqual(refusal(at('link'), 'is a symbolic link'));
  expect(readForeign(at('link'), { trusted: true })).toMatchObject({ value: 'x' });
  expect(readForeign(at('zero'), { trusted: true })).toEqual(refusal(at('zero'), 'is a character device'));
});

test('64 KiB is the most, unless told; not a byte of a longer one is read', () => {
  writeFileSync(at('long'), 'a'.repeat(65_536));
  expect(readForeign(at('long'))).toMatchObject({ known: true });
  appendFileSync(at('long'), 'a');
  expect(readForeign(at('long'))).toEqual(refusal(at('long'), 'is 65537 bytes long, more than 64 KiB'));
  expect(readForeign(at('long'), { most: 70_000 })).toMatchObject({ known: true });
  expect(readForeign(at('long'), { most: 64 })).toEqual(
    refusal(at('long'), 'is 65537 bytes long, more than 64 bytes'),
  );
  truncateSync(at('long'), 6 * 1024 ** 3);
  expect(readForeign(at('long'))).toEqual(refusal(at('long'), 'is 6442450944 bytes long, more than 64 KiB'));
});

test.each([0, 8191, 8192, 8193, 65_536, 4 * 1024 * 1024])('all of a file of %i bytes is read', (size) => {
  const text = Array.from({ length: Math.ceil(size / 8) }, (_, at) => `${String(at).padStart(7)} `).join('');
  writeFileSync(at('whole'), text.slice(0, size));
  expect(readForeign(at('whole'), { most: 4 * 1024 * 1024 })).toMatchObject({ value: text.slice(0, size) });
});

test('a file of the kernel’s has no size, and may wait or act when it is read', () => {
  for (const file of ['/proc/self/cmdline', '/proc/kmsg', '/proc/sys/kernel/ostype'])
    expect(readForeign(file)).toEqual(refusal(file, "is a file of the kernel's, in proc"));
});

test('the owner, where one is asked for', () => {
  writeFileSync(at('file'), '80');
  const own = process.getuid!();
  expect(readForeign(at('file'), { owner: own })).toMatchObject({ value: '80' });
  expect(readForeign(at('file'), { owner: own + 1 })).toEqual(
    refusal(at('file'), `belongs to user ${own}, not ${own + 1}`),
  );
  if (own !== 0) return;
  chownSync(at('file'), 1000, 1000);
  expect(readForeign(at('file'), { owner: 1000 })).toMatchObject({ value: '80' });
});

test('two paths of one file are one', () => {
  writeFileSync(at('file'), '');
  symlinkSync('file', at('link'));
  const [file, link, other] = [identityOf(at('file')), identityOf(at('link')), identityOf(folder)];
  expect(file).toMatchObject({ known: true, value: { owner: process.getuid!() } });
  expect(link.known && link.value).toEqual(file.known && file.value);
  expect(other).not.toMatchObject({ value: file.known && file.value });
  expect(identityOf(at('gone'))).toMatchObject({ known: false, because: 'vanished' });
});
