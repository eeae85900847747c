import { expect, test } from 'vitest';
import { markdownOf } from '../../src/output/markdown.ts';
import { diagnosis } from '../repl/fixture/forwarding-off.ts';

test('holds what a ticket needs', () => {
  const text = markdownOf(diagnosis, ['netdoctor 0.1.0', 'Linux 6.18.0']);
  expect(text).toContain('# web → 198.51.100.1, icmp');
  expect(text).toContain('IPv4 forwarding is off.**');
  expect(text).toMatch(/✗ forwarding .* 3 dropped/);
  expect(text).toContain('```sh\nsysctl -w net.ipv4.ip_forward=1\n```');
  expect(text).toContain('`sysctl net.ipv4.ip_forward`');
  expect(text).toContain('- Linux 6.18.0');
  expect(text).toContain('netdoctor diagnose docker:web --to 198.51.100.1 --proto icmp');
});

test('what a stranger wrote stays text', () => {
  const [finding] = diagnosis.findings;
  const why = 'rule "[click](http://x) <img src=x> `rm -rf`" \u001b[31m';
  const text = markdownOf({ ...diagnosis, findings: [{ ...finding!, why }] }, []);
  expect(text).toContain('\\[click\\](http://x) \\<img src=x\\> \\`rm -rf\\`');
  expect(text).not.toContain('\u001b');
});
