// What a full-size probe teaches the namespace that asks: nothing that lasts.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Lab } from './lab.ts';
import { program } from './lab-network.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up({ ipv6: true });
  await lab.step({ in: 'host', sh: 'ip link set up0 mtu 1400' });
});
afterAll(() => lab.down());

const document = z.object({
  status: z.string(),
  unknown: z.array(z.object({ what: z.string(), because: z.string() })),
});

/** Asks as a person would, and gives the document. */
async function ask(to: string) {
  const words = ['diagnose', `netns:${lab.names.A}`, '--to', to, '--json'];
  const { stdout } = await lab.run('host', [program, ...words], { reject: false });
  return document.parse(JSON.parse(stdout));
}

const said = async (sh: string): Promise<string> => (await lab.step({ in: 'A', sh })).said;

describe.each([
  ['IPv4', '198.51.100.1', '198.51.100.53', 'IcmpOutDestUnreachs'],
  ['IPv6', '2001:db8:f::1', '2001:db8::2', 'Icmp6OutPktTooBigs'],
])('%s', (_, to, other, counter) => {
  /** How many packets the host has called too big. */
  const errors = async (): Promise<number> =>
    Number(
      String((await lab.run('host', ['nstat', '-asz', counter])).stdout)
        .split(/\s+/)
        .at(-2),
    );
  const kept = (address: string): Promise<string> => said(`ip route get ${address}`);
  const teach = (address: string): Promise<string> =>
    said(`ping -n -c1 -W1 -M do -s 1430 ${address}; ip route get ${address}`);
  afterEach(() => lab.step({ in: 'A', sh: 'ip -4 route flush cache; ip -6 route flush cache' }));

  test('none before, none after, and the second question is answered as the first', async () => {
    for (const _question of ['first', 'second']) {
      const before = await errors();
      const { status, unknown } = await ask(to);
      expect(status).toBe('healthy');
      expect(await errors()).toBeGreaterThan(before);
      expect(unknown.map(({ because }) => because).join('\n')).not.toMatch(/has learned/);
    }
    expect(await kept(to)).not.toMatch(/mtu/);
  });

  test('what was known before stays, and is told', async () => {
    expect(await teach(to)).toMatch(/mtu 1400/);
    const { unknown } = await ask(to);
    expect(unknown.map(({ because }) => because).join('\n')).toMatch(
      /learned, since before this question, that the way to \S+ takes 1400 bytes.*ip route get/,
    );
    expect(await kept(to)).toMatch(/mtu 1400/);
  });

  test('what is known of another destination stays, and is none of this one', async () => {
    expect(await teach(other)).toMatch(/mtu 1400/);
    const { unknown } = await ask(to);
    expect(unknown.map(({ because }) => because).join('\n')).not.toMatch(/has learned/);
    expect(await kept(other)).toMatch(/mtu 1400/);
    expect(await kept(to)).not.toMatch(/mtu/);
  });
});
