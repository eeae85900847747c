// What was armed is taken back, also where the probe never left.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { program } from '../lab/lab-network.ts';
import { Leftovers } from '../robustness/leftovers.ts';
import { silence } from '../robustness/running.ts';

let lab: Lab;
let leftovers: Leftovers;
beforeAll(async () => {
  lab = await Lab.up();
  leftovers = new Leftovers(lab);
});
afterAll(() => lab.down());

const nothingIsLeft = (): Promise<void> =>
  vi.waitFor(async () => expect(await leftovers.find()).toEqual([]), { timeout: 5000, interval: 100 });

function diagnosis(by: readonly string[] = []) {
  const child = lab.run(
    'host',
    [...by, program, 'diagnose', `netns:${lab.names.A}`, '--to', '198.51.100.1', '--json'],
    { reject: false, stdin: 'ignore', timeout: 60_000 },
  );
  leftovers.started(child.pid!);
  return child;
}

test('a probe that may not be sent leaves nothing', async () => {
  const { exitCode, stdout } = await diagnosis(['setpriv', '--bounding-set=-net_raw']);
  expect(exitCode).toBe(3);
  expect(JSON.parse(String(stdout))).toMatchObject({ schema: 'netdoctor/error/1', code: 'no-permission' });
  await nothingIsLeft();
});

test('a namespace that goes away in the middle leaves nothing', async () => {
  for (const after of [150, 250, 350, 450, 600]) {
    const run = diagnosis();
    await new Promise((resolve) => setTimeout(resolve, after));
    await lab.step({ in: 'host', sh: 'ip link del vetha' });
    await run;
    await nothingIsLeft();
    await lab.step({
      in: 'host',
      sh: 'ip link add vetha type veth peer name eth0 netns $A; ip link set vetha master br0 up; ip -n $A addr add 10.88.0.2/24 dev eth0; ip -n $A link set eth0 up; ip -n $A route add default via 10.88.0.1',
    });
  }
});

test('one in a pid namespace of its own keeps its trace while another begins', async () => {
  await lab.step(silence);
  const question = [program, 'diagnose', `netns:${lab.names.A}`, '--to', '198.51.100.1', '--json'];
  const alone = lab.run('host', ['unshare', '--pid', '--fork', '--mount-proc', ...question, '--wait', '5'], {
    reject: false,
    stdin: 'ignore',
    timeout: 60_000,
  });
  for (let times = 0; times < 3; times++) await lab.run('host', question, { reject: false, stdin: 'ignore' });
  const { stdout } = await alone;
  const said = JSON.parse(String(stdout)) as { unknown: { what: string }[] };
  expect(said.unknown.map(({ what }) => what)).not.toContain('what the kernel dropped');
  await lab.step({ in: 'LAN', sh: 'sysctl -qw net.ipv4.icmp_echo_ignore_all=0' });
});
