// The container sees its probe leave and sends the same packet again, as fast as it can: token, length and id are right.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { silence } from '../robustness/running.ts';
import { among, asked, SORTS } from './strangers.ts';

const { who } = SORTS['the container repeats its own probe']!;

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

test('an answered probe is healthy', async () => {
  const { said, seconds } = await among(lab, who, () => asked(lab, ['--to', '198.51.100.1']));
  expect(said).toMatchObject({ status: 'healthy', answered: 3 });
  expect(seconds).toBeLessThan(15);
});

test('an unanswered one was seen leaving this host, by everybody who could look', async () => {
  await lab.step(silence);
  const { said, seconds } = await among(lab, who, () => asked(lab, ['--to', '198.51.100.1', '--wait', '3']));
  await lab.step({ in: 'LAN', sh: 'sysctl -qw net.ipv4.icmp_echo_ignore_all=0' });
  // Beyond this host, or not decided: never a place within it.
  if (said?.status === 'fault') expect(said.between).toEqual(['host/up0', null]);
  else expect(said).toMatchObject({ status: 'undecided' });
  expect(seconds).toBeLessThan(20);
});
