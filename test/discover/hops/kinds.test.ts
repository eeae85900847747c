/**
 * Kinds of link that this lab's kernel cannot make, from listings in the form in which iproute2 prints them: VLANs,
 * bonds, WireGuard, tun, ipvlan, and tunnels.
 */
import { expect, it, test } from 'vitest';
import type { HopKind } from '../../../src/discover/kind.ts';
import { describeLink, hiddenBy } from '../../../src/discover/path/describe.ts';
import { readStack } from '../../../src/discover/stack.ts';
import { isTunnel } from '../../../src/model/path.ts';
import { linkNamed, type Stack } from '../../../src/model/stack.ts';
import { plain } from '../../../src/words/text.ts';
import { fakeMachine, recording } from '../fake-machine.ts';

async function stackOf(file: string): Promise<Stack> {
  const run = { 'ip -j -d -force -batch -': recording(file) };
  const answer = await readStack(fakeMachine({ run }), { inode: 7, path: '/run/netns/x' });
  if (!answer.known) throw new Error(answer.detail);
  return answer.value;
}

const host = await stackOf('stack/other-kinds.txt');
const guest = await stackOf('stack/ipvlan.txt');

/** Interface, what the path says of it, and what it keeps from view. */
test.each([
  [host, 'eth0.100', 'vlan', '192.0.2.10/24, VLAN 100 on eth0', /carries VLAN 100/],
  [host, 'bond0', 'bond', '198.51.100.10/24, active-backup, by eth1', /by which port of bond0/],
  [host, 'bond1', 'bond', 'no address, 802.3ad', /by which port of bond1/],
  [host, 'wg0', 'wireguard', '10.8.0.2/24, WireGuard', /wg show wg0/],
  [host, 'tun0', 'tun', '10.9.0.6/24, tun of a program', /a program takes them/],
  [host, 'gnv0', 'geneve', 'no address, Geneve to 203.0.113.9', /gnv0 and the other end/],
  [host, 'gre1', 'gre', '10.11.0.1/30, GRE to 203.0.113.9', /gre1 and the other end/],
  [host, 'tunl1', 'ipip', '10.12.0.1/30, IPIP to 203.0.113.9', /tunl1 and the other end/],
  [host, 'sit1', 'sit', '2001:db8:6::1/64, SIT to 203.0.113.9', /sit1 and the other end/],
  [host, 'vx0', 'vxlan', 'vxlan 42', /vx0 and the other hosts of VXLAN 42/],
  [guest, 'eth0', 'ipvlan', '192.0.2.60/24, l3', /other children of its parent/],
])('%#: %s is described, and what it hides is said', (stack, name, kind, about, hides) => {
  const link = linkNamed(stack, name)!;
  expect(describeLink(link, stack)).toEqual({ kind, about });
  const { what, because } = hiddenBy(link, stack)!;
  expect(`${what}: ${because}`).toMatch(hides);
});

it('names the ports that a bond chooses among', () => {
  expect(hiddenBy(linkNamed(host, 'bond0')!, host)?.because).toContain('among eth1, eth2');
});

it('knows which kinds of link lead out as tunnels', () => {
  const tunnels = host.links.filter(({ kind }) => isTunnel(kind)).map(({ name }) => name);
  expect(tunnels).toEqual(['wg0', 'tun0', 'gnv0', 'gre1', 'tunl1', 'sit1', 'vx0']);
});

it('says nothing of links that hide nothing', () => {
  expect(hiddenBy(linkNamed(host, 'eth0')!, host)).toBeUndefined();
  expect(hiddenBy(linkNamed(host, 'lo')!, host)).toBeUndefined();
});

const files = import.meta.glob<{ default: HopKind }>('../../../src/discover/hops/*.ts', { eager: true });

test.each(Object.entries(files))(
  '%s describes a bare link of its kind, in words without controls',
  (path, file) => {
    const { kind, about, hides } = file.default;
    expect(path).toContain(`/${kind}.ts`);
    const bare = { ...linkNamed(host, 'eth0')!, kind };
    const { what, because } = hides?.(bare, host) ?? { what: '', because: '' };
    for (const text of [about(bare, host), what, because]) {
      expect(plain(text)).toBe(text);
      expect(text).not.toContain('undefined');
    }
  },
);
