import { expect, test } from 'vitest';
import { healthy } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const container = healthy().target.netns.path;

test('each namespace has its own values, by dotted key', async () => {
  const sysctls = await value('sysctls', healthy(), {
    files: {
      '/proc/sys/net/ipv4/ip_forward': '1\n',
      [`${container} /proc/sys/net/ipv4/ip_forward`]: '0\n',
      '/proc/sys/net/ipv4/conf/br0/rp_filter': '2\n',
      '/proc/sys/net/ipv4/ping_group_range': '0\t2147483647\n',
    },
  });
  expect(sysctls.host['net.ipv4.ip_forward']).toBe('1');
  expect(sysctls.container['net.ipv4.ip_forward']).toBe('0');
  expect(sysctls.host['net.ipv4.conf.br0.rp_filter']).toBe('2');
  expect(sysctls.host['net.ipv4.ping_group_range']).toBe('0 2147483647');
  expect(sysctls.host['net.ipv4.conf.up0.rp_filter']).toBeUndefined();
});

test('only the interfaces of the path are read, with all, default and lo', async () => {
  const files = { '/proc/sys/net/ipv4/ip_forward': '1\n' };
  const { machine, answer } = await gathered('sysctls', healthy('sibling'), { files });
  // Each is read when somebody wants to know it, and no sooner.
  expect(new Set(machine.asked).size).toBeLessThanOrEqual(2);
  JSON.stringify(answer);
  const devices = new Set(machine.asked.flatMap((line) => /ipv4\/conf\/(.+)\//.exec(line)?.[1] ?? []));
  // br0 is no hop where frames pass from port to port, and still decides about them.
  expect([...devices].sort()).toEqual(['all', 'br0', 'default', 'eth0', 'lo', 'vetha', 'vethb']);
});

test('a dot in the name of an interface is part of the name', async () => {
  const lab = healthy();
  lab.path.hops[3]!.name = 'eth0.100';
  const sysctls = await value('sysctls', lab, {
    files: { '/proc/sys/net/ipv4/conf/eth0.100/forwarding': '0\n', '/proc/sys/net/ipv4/ip_forward': '1\n' },
  });
  expect(sysctls.host['net.ipv4.conf.eth0.100.forwarding']).toBe('0');
});

test("a target on the host's own network shares its values", async () => {
  const lab = healthy();
  lab.target.hostNetwork = true;
  const sysctls = await value('sysctls', lab, { files: { '/proc/sys/net/ipv4/ip_forward': '1\n' } });
  expect(sysctls.container).toEqual(sysctls.host);
});
