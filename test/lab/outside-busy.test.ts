// On a host that forwards much, a packet from outside is waited for by one socket: everything else is armed when it has come.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from './lab.ts';
import { program } from './lab-network.ts';
import { AS_IT_COMES } from './tcpdump.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

test('what is sent again is followed to where it stops', async () => {
  await lab.step({ in: 'host', sh: 'iptables -I DOCKER-USER -d 10.88.0.2 -p tcp --dport 80 -j DROP' });
  // Between two containers, as many packets as go: none of them is from outside.
  const flood = lab.run('B', ['flood', '10.88.0.1', '9', 'max', '40'], { ...AS_IT_COMES, reject: false });
  const words = ['diagnose', `netns:${lab.names.A}`, '--from', 'outside', '--to', ':8080', '--ndjson'];
  const child = lab.run('host', [program, ...words], AS_IT_COMES);
  const lines: string[] = [];
  let asked: Promise<unknown> | undefined;
  let rest = '';
  child.stdout.on('data', (bytes) => {
    const parts = `${rest}${bytes}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    if (parts.some((line) => line.includes('so much passes here')))
      asked ??= lab.step({ in: 'LAN', sh: 'ask tcp 192.0.2.1 8080 get 8' });
  });
  const { exitCode } = await child;
  flood.kill('SIGTERM');
  await flood;
  expect(asked).toBeDefined();
  await asked;
  const document = JSON.parse(lines.at(-1)!);
  expect([exitCode, document]).toMatchObject([1, { cause: 'firewall-rule-drop', direction: 'request' }]);
  // Which the rule's own trace has told, not a guess from the rules.
  expect(document.path.map(({ id, request }: { id: string; request: number }) => [id, request])).toEqual(
    expect.arrayContaining([['host/up0', 1]]),
  );
});
