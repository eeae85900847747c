import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { holdFiles } from '../../src/host/held-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'held-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('reads what is in its files now, whole, and of one that is not there nothing until it is', () => {
  const [one, other] = [join(folder, 'one'), join(folder, 'other')];
  writeFileSync(one, '1\n');
  const files = holdFiles([one, other], null);
  expect(files.read()).toEqual(['1\n', null]);
  writeFileSync(one, '0\n');
  writeFileSync(other, 'x'.repeat(10_000));
  expect(files.read()).toEqual(['0\n', 'x'.repeat(10_000)]);
  files.close();
  expect(files.read()).toEqual([null, null]);
});

it('reads settings of the kernel', () => {
  const files = holdFiles(['/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/none'], null);
  expect(files.read()).toEqual([expect.stringMatching(/^[01]\n$/), null]);
  files.close();
});

it('a namespace that cannot be entered has none of them', () => {
  const files = holdFiles(['/proc/sys/net/ipv4/ip_forward'], { inode: 1, path: join(folder, 'gone') });
  expect(files.read()).toEqual([null]);
  files.close();
});
