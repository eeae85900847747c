import { describe, expect, it, test } from 'vitest';
import { ascii } from '../../src/output/glyphs.ts';
import { follow, newRun } from '../../src/output/run.ts';
import { textOfRun } from '../../src/output/text.ts';
import { diagnosis, healthyStory, story } from '../repl/fixture/forwarding-off.ts';

const run = story.reduce(follow, newRun);

it('opens with who asks whom, and closes with the command that mends it', () => {
  const lines = textOfRun(run, { columns: 100 }).split('\n');
  expect(lines[0]).toBe('web → 198.51.100.1   icmp   docker 28.2, network "bridge"');
  expect(lines.slice(-2)).toEqual(['sysctl -w net.ipv4.ip_forward=1', '']);
  expect(lines).toContain(
    "✗ Requests stop in the host's kernel, between docker0 and eth0: IPv4 forwarding is off.",
  );
});

it('healthy is the path and one sentence', () => {
  const text = textOfRun(healthyStory.reduce(follow, newRun), { columns: 100 });
  expect(text).toMatch(/\n✓ web reaches 198\.51\.100\.1\.\n$/);
  expect(text).not.toMatch(/fix|why/);
});

test.each([40, 80, 140])('in %i columns only commands are longer', (columns) => {
  const lines = textOfRun(run, { columns }).split('\n');
  for (const line of lines.filter((one) => !/^sysctl|^ *\$ /.test(one)))
    expect(line.length).toBeLessThanOrEqual(columns);
});

describe('colour', () => {
  const palettes = ['bare', 'no-colour', 'colour'] as const;
  const [bare, plain, coloured] = palettes.map((palette) => textOfRun(run, { columns: 80, palette }));

  it('changes nothing but the colour', () => {
    for (const text of [plain, coloured]) expect(text?.replace(/\u001b\[\d+m/g, '')).toBe(bare);
    expect(coloured).toMatch(/\u001b\[3[1-6]m/);
  });

  it('is nowhere where it is not wanted', () => {
    expect(bare).not.toContain('\u001b');
    expect(plain).not.toMatch(/\u001b\[3\d/);
  });
});

it('is ASCII where the terminal has no more', () => {
  expect(textOfRun(run, { columns: 80, glyphs: ascii }).replaceAll('\n', '')).toMatch(/^[ -~]*$/);
});

it('a name with two families has two verdicts', () => {
  const six = {
    ...diagnosis,
    summary: 'IPv6 has no route.',
    flow: { ...diagnosis.flow, family: 6, address: '2001:db8::1' },
  };
  const text = textOfRun(
    { ...run, diagnosis: { ...diagnosis, families: [six as typeof diagnosis] } },
    { columns: 100 },
  );
  expect(text).toContain('IPv4 forwarding is off.');
  expect(text).toContain('✗ IPv6 has no route.');
  expect(text).toContain('web → 2001:db8::1   icmp   docker 28.2, network "bridge"');
});
