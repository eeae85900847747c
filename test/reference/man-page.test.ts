import { execa } from 'execa';
import { expect, it } from 'vitest';
import { manPage, roff } from './man-page.ts';

it('writes text that roff takes for text', () => {
  expect(roff('.TH is no request, \\n no escape, --to is typed')).toBe(
    '\\&.TH is no request, \\en no escape, \\-\\-to is typed',
  );
  expect(roff('its prompt’s')).toBe('its prompt\\[u2019]s');
});

it('is a page that man shows without a warning', async () => {
  const { stdout, stderr } = await execa('groff', ['-man', '-ww', '-Tutf8', '-P-c'], {
    input: manPage('1.2.3'),
  });
  expect(stderr).toBe('');
  const text = stdout.replace(/.\u0008/g, '');
  expect(text).toContain('NETDOCTOR(8)');
  expect(text).toMatch(/--fix\[=RISK\]/);
});
