// Another container makes the kernel drop packets as fast as it can: every drop of the host reaches netdoctor's trace.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { begin, patient, silence } from '../robustness/running.ts';
import { among, asked, SORTS } from './strangers.ts';

const { who } = SORTS['another container fills the kernel with drops']!;

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

test('a healthy network is healthy, in time', async () => {
  const { said, seconds } = await among(lab, who, () =>
    asked(lab, ['--to', '198.51.100.1', '--timeout', '8']),
  );
  expect(said).toMatchObject({ status: 'healthy' });
  expect(seconds).toBeLessThan(20);
});

test('a fault is still found, and what could not be told apart is said', async () => {
  await lab.step({ in: 'host', sh: 'sysctl -qw net.ipv4.ip_forward=0' });
  const { said } = await among(lab, who, () => asked(lab, ['--to', '198.51.100.1', '--timeout', '8']));
  await lab.step({ in: 'host', sh: 'sysctl -qw net.ipv4.ip_forward=1' });
  expect(said).toMatchObject({ status: 'fault', cause: 'ip-forward-off' });
  // The probe's own drop was among those that could be read, or that it was not is said.
  const seen = said?.evidence.some(({ witness, drop }) => witness === 'journey' && drop);
  const gap = said?.unknown.find(({ what }) => what === 'what the kernel dropped')?.because;
  expect(seen ? 'seen' : gap).toMatch(/seen|drops too much|faster than they could be read/);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it', async (signal) => {
  await lab.step(silence);
  await among(lab, who, async () => {
    const run = begin(lab, patient);
    await run.until('waiting');
    const before = performance.now();
    run.kill(signal);
    expect(await run.ended).toMatchObject({ exitCode: signal === 'SIGINT' ? 130 : 143 });
    expect(performance.now() - before).toBeLessThan(4000);
  });
  await lab.step({ in: 'LAN', sh: 'sysctl -qw net.ipv4.icmp_echo_ignore_all=0' });
});
