import { execa } from 'execa';
import { expect, test } from 'vitest';
import { needs, onThisKernel } from './needs.ts';

test('what needs a link that this kernel lacks is told, and not played', async () => {
  const scenarios = [
    { file: 'plain', needs: [] },
    ...needs.map((need) => ({ file: `with ${need}`, needs: [need] })),
    { file: 'with everything', needs },
  ];
  const told: string[] = [];
  const here = (await onThisKernel(scenarios, (line) => told.push(line))).map(({ file }) => file);
  expect(here).toContain('plain');
  expect(here.length + told.length).toBe(scenarios.length);
  expect(here.includes('with everything')).toBe(needs.every((need) => here.includes(`with ${need}`)));
  // The kernel's own word for one of them.
  const { exitCode } = await execa('unshare', ['--net', 'ip', 'link', 'add', 'type', 'vrf', 'table', '100'], {
    reject: false,
  });
  expect(here.includes('with vrf')).toBe(exitCode === 0);
  expect(told.join('\n')).toMatch(exitCode === 0 ? /^/ : /^not on this kernel {2}with vrf +vrf$/m);
});
