import { describe, expect, it } from 'vitest';
import { known } from '../../src/model/answer.ts';
import { refusal } from '../../src/repair/choose.ts';
import { lifeline, risky, sshClient } from '../../src/repair/reach.ts';
import { diagnosis, fix, lines } from './answers.ts';
import { World } from './world.ts';

const machine = (ssh?: string) => {
  const base = new World().machine();
  return {
    ...base,
    env: ssh ? { SSH_CONNECTION: ssh } : {},
    run: async ({ argv }: { argv: readonly string[] }) => {
      const text = argv.includes('get')
        ? '[{"dst":"203.0.113.9","dev":"wg0"}]'
        : argv.includes('-4')
          ? '[{"dst":"default","dev":"eth7"}]'
          : '[]';
      return known({ stdout: text, stderr: '', code: 0 }, argv);
    },
  };
};

describe('the lifeline', () => {
  it('is the uplinks of the path and of the host, and the way to the ssh client', async () => {
    const line = await lifeline(machine('203.0.113.9 51000 192.0.2.1 22'), diagnosis());
    expect(Object.fromEntries(line.devices)).toEqual({
      up0: 'the uplink',
      eth7: 'the uplink',
      wg0: 'the way of this ssh session',
    });
    expect(line.client).toBe('203.0.113.9');
  });

  it('knows an ssh client by its address', () => {
    expect(sshClient({ SSH_CONNECTION: 'fe80::1%eth0 5 fe80::2 22' })).toBe('fe80::1');
    expect(sshClient({})).toBeNull();
  });
});

describe('a disruptive fix', () => {
  const cases: [string, string, boolean, boolean][] = [
    ['takes the uplink', 'ip link set up0 down', true, true],
    ['changes the default route', 'ip route replace default via 192.0.2.9', true, true],
    ['changes policy routing', 'ip rule del pref 5270', true, true],
    ['changes the chain of ssh', 'iptables -t filter -D INPUT 3', false, true],
    ['restarts a service', 'systemctl restart docker', false, true],
    ['changes a forward chain', 'iptables -t filter -D FORWARD 3', false, false],
    ['changes a container port', 'ip link set vetha up', false, false],
  ];
  it.each(cases)('%s: %s', async (_, command, alone, overSsh) => {
    const one = fix({ risk: 'disruptive', apply: lines(command) });
    for (const [ssh, touches] of [
      [undefined, alone],
      ['203.0.113.9 1 192.0.2.1 22', overSsh],
    ] as const) {
      const line = await lifeline(machine(ssh), diagnosis());
      expect(risky(one, line) !== null).toBe(touches);
      const because = refusal(one, { allowed: 'disruptive', rollbackAfter: null, lifeline: line });
      if (touches) expect(because).toContain('--rollback-after');
      else expect(because).toBeNull();
      expect(refusal(one, { allowed: 'disruptive', rollbackAfter: 60, lifeline: line })).toBeNull();
    }
  });

  it('inside the container touches nobody', async () => {
    const line = await lifeline(machine('203.0.113.9 1 192.0.2.1 22'), diagnosis());
    const inside = fix({
      apply: [{ run: { argv: ['ip', 'link', 'set', 'up0', 'down'], in: { inode: 5, path: '/x' } } }],
      undo: [],
    });
    expect(risky(inside, line)).toBeNull();
  });
});
