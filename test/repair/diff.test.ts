import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/repair/diff.ts';

/** patch(1) understands what it is given, or says so. */
function patched(before: string, diff: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'netdoctor-diff-'));
  try {
    writeFileSync(path.join(folder, 'f'), before);
    return execFileSync('patch', ['-s', '-p0', '-o', '-', 'f'], {
      cwd: folder,
      input: `${diff}\n`,
      encoding: 'utf8',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

describe('a unified diff', () => {
  it('of a new file adds every line', () => {
    expect(unifiedDiff('/etc/x', null, 'a\nb\n')).toBe('--- /dev/null\n+++ /etc/x\n@@ -0,0 +1,2 @@\n+a\n+b');
  });

  it('shows three lines around a change', () => {
    const list = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
    expect(unifiedDiff('f', text(list), text(list.with(4, 'five')))).toBe(
      '--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8',
    );
  });

  it('of two equal texts has no hunk', () => {
    expect(unifiedDiff('f', 'a\n', 'a\n')).toBe('--- f\n+++ f');
  });

  it('says where a newline is missing', () => {
    expect(unifiedDiff('f', 'a', 'a\n')).toContain('\\ No newline at end of file');
  });

  it('is what patch takes', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(lines, fc.nat(40), lines, (list, at, more) => {
        const before = text(list);
        const after = text(list.toSpliced(at, 2, ...more.slice(0, 3)));
        if (before !== after && after !== '')
          expect(patched(before, unifiedDiff('f', before, after))).toBe(after);
      }),
      { numRuns: 25 },
    );
  });
});
