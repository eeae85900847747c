import { expect, it } from 'vitest';
import { findOwnStack } from '../../src/discover/own-stack.ts';
import type { Target } from '../../src/model/target.ts';
import { healthy } from '../causes/scene.ts';
import { fakeMachine } from './fake-machine.ts';

/** As the kernel prints it, and as ss does: a socket that reads everything (0003) on interface 2. */
const HEAD = 'sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n';
const packet = (proto: string, ifindex: number) =>
  `${HEAD}0000000000000000 3      3    ${proto}   ${ifindex}     1 0      0      231557\n`;
const ss = (program: string) => `p_raw UNCONN 0 0 *:eth0 *  users:(("${program}",pid=4242,fd=3))\n`;

async function found(table: string, program: string | null, bare = true, about: Partial<Target> = {}) {
  const lab = healthy('outside');
  const { container } = lab.stacks;
  const eth0 = container.links.find(({ name }) => name === 'eth0')!;
  if (bare) eth0.addresses = [];
  const { netns } = lab.target;
  const machine = fakeMachine({
    files: { [`${netns.path} /proc/net/packet`]: table.replace('IF', String(eth0.ifindex)) },
    run: program === null ? {} : { 'ss -H -0 -n -p': ss(program) },
  });
  return findOwnStack(machine, { ...lab.target, ...about }, container);
}

const everything = packet('0003', 9).replace(' 9 ', ' IF ');

it('is a program that reads every frame of an interface without an address', async () => {
  expect(await found(everything, 'runsc-sandbox')).toEqual({
    dev: 'eth0',
    program: 'runsc-sandbox (pid 4242)',
  });
  expect(await found(everything, null)).toEqual({ dev: 'eth0', program: null });
});

it.each<[string, string, string, boolean, Partial<Target>]>([
  ['an interface that has its address', everything, 'runsc-sandbox', false, {}],
  ['a capture', everything, 'tcpdump', true, {}],
  ['a DHCP client, which asks for IP alone', packet('0800', 9).replace(' 9 ', ' IF '), 'dhclient', true, {}],
  ['a socket on another interface', packet('0003', 77), 'runsc-sandbox', true, {}],
  ['no socket at all', HEAD, 'runsc-sandbox', true, {}],
  ["the host's own network", everything, 'runsc-sandbox', true, { hostNetwork: true }],
])('is none: %s', async (_, table, program, bare, about) => {
  expect(await found(table, program, bare, about)).toBeNull();
});
