/** A repair that helps the question and cuts a neighbour off is taken back, and the neighbour is named. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Lab } from '../lab.ts';
import { listingOf } from '../listing.ts';
import { Patient } from '../repair-scenario.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.up();
});
afterEach(() => lab?.down());

/**
 * Marked packets of br0 leave by a second uplink. B is rewritten there and may use no other way; A is not rewritten, so
 * that nobody answers it. Without the rule of the mark A is answered, and B is not.
 */
const SHARED = [
  {
    in: 'host',
    sh: 'ip link add up1 type veth peer name eth1 netns $LAN && ip link set up1 up && ip addr add 203.0.113.1/30 dev up1',
  },
  {
    in: 'LAN',
    sh: 'ip link set eth1 up && ip addr add 203.0.113.2/30 dev eth1 && sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0',
  },
  {
    in: 'host',
    sh: 'sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.up1.rp_filter=0 net.ipv4.conf.up0.rp_filter=0',
  },
  {
    in: 'host',
    sh: 'iptables -t mangle -A PREROUTING -i br0 -j MARK --set-mark 7 && ip route add default via 203.0.113.2 dev up1 table 207 && ip rule add pref 900 fwmark 7 lookup 207',
  },
  {
    in: 'host',
    sh: 'iptables -t nat -F POSTROUTING && iptables -t nat -A POSTROUTING -s 10.88.0.3 -o up1 -j MASQUERADE && iptables -t nat -A POSTROUTING -o up0 -j MASQUERADE',
  },
  { in: 'host', sh: 'iptables -I FORWARD -s 10.88.0.3 -o up0 -j DROP' },
] as const;

const answers = async (place: 'A' | 'B'): Promise<boolean> =>
  (await lab.run(place, ['ping', '-n', '-c1', '-W1', '198.51.100.1'], { reject: false })).exitCode === 0;

it('takes back what would cut the neighbour off', { timeout: 120_000 }, async () => {
  for (const step of SHARED) await lab.step(step);
  const patient = new Patient(
    { lab, targetOf: () => `netns:${lab.names.A}` },
    { target: 'A', args: ['--to', '198.51.100.1'] },
  );
  expect([await answers('A'), await answers('B')]).toEqual([false, true]);
  const before = await listingOf(lab, ['host', 'A', 'B']);
  const mended = await patient.ask('--fix=disruptive', '--yes', '--rollback-after', '300');
  expect(mended).toMatchObject({
    code: 1,
    cause: 'host-route-diverted',
    repairs: [
      {
        after: 'healthy',
        kept: false,
        because: expect.stringMatching(new RegExp(`no longer answered: ${lab.names.B} → 198\\.51\\.100\\.1`)),
      },
    ],
  });
  expect(await listingOf(lab, ['host', 'A', 'B'])).toEqual(before);
  expect([await answers('A'), await answers('B')]).toEqual([false, true]);
});
