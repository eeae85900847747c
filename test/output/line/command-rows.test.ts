import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandRows } from '../../../src/output/line/command-rows.ts';

it('leaves a command alone that fits', () => {
  expect(commandRows(['ip', 'link', 'set', 'br0', 'up'], 40, 4)).toEqual(['    ip link set br0 up']);
});

it('continues a long one as a shell does', () => {
  expect(commandRows(['iptables', '-I', 'FORWARD', '-i', 'br-nat', '-j', 'ACCEPT'], 30, 2)).toEqual([
    '  iptables -I FORWARD -i \\',
    '    br-nat -j ACCEPT',
  ]);
});

it('does not break a word that is too long by itself', () => {
  expect(commandRows(['nsenter', '--net=/run/netns/somebody', 'true'], 12)).toEqual([
    'nsenter \\',
    '  --net=/run/netns/somebody \\',
    '  true',
  ]);
});

it('says the same to a shell, at every width', () => {
  const words = fc.array(fc.stringMatching(/^[a-z$'" *\\!-]{1,12}$/), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(words, fc.integer({ min: 5, max: 60 }), (argv, columns) => {
      const line = commandRows(['printf', '%s,', ...argv], columns, 2).join('\n');
      expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe(`${argv.join(',')},`);
    }),
    { numRuns: 40 },
  );
});
