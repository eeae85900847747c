/** A rule for everybody's questions that catches those of the one who serves them. */
import { describe, expect, it } from 'vitest';
import { asking } from './asking.ts';
import { commands, examine } from './examine.ts';
import { nft, withRules } from './rules-of.ts';
import { blind, dropped, type Lab, lostAt } from './scene.ts';

const FORCED = '*nat\n-A PREROUTING -i br0 -p udp -m udp --dport 53 -j DNAT --to-destination 10.88.0.2:53';

const led = (rules: string): Lab => withRules(lostAt(asking('outside', 'udp', 53), 2), rules);

describe('dnat-wrong: what a server asks comes back to it', () => {
  it('is told where the bridge sends no frame back, and leaves the server out of the rule', () => {
    const claim = examine('dnat-wrong', dropped(led(FORCED), 'NOT_SPECIFIED', 'br_handle_frame_finish'));
    expect(claim).toMatchObject({
      sure: 'proved',
      what: expect.stringContaining('back to 10.88.0.2 itself'),
    });
    expect(claim?.do).toContain('! -s 10.88.0.2');
    expect(commands(claim)).toEqual({
      apply: ['iptables -t nat -I PREROUTING 1 -s 10.88.0.2 -i br0 -p udp -m udp --dport 53 -j ACCEPT'].map(
        (line) => line.replace('ACCEPT', 'RETURN'),
      ),
      undo: ['iptables -t nat -D PREROUTING -s 10.88.0.2 -i br0 -p udp -m udp --dport 53 -j RETURN'],
    });
  });

  it('is told where it was seen to come home, and by rules of nft', () => {
    const lab = led('');
    lab.firewall.host = [
      nft('iifname "br0" udp dport 53 dnat to 10.88.0.2:53', { family: 'ip', handle: 4 }),
    ] as Lab['firewall']['host'];
    const home = lab.sightings.find(({ hop }) => hop === 'container/eth0')!;
    lab.sightings.push({ ...home, destination: '10.88.0.2' });
    const claim = examine('dnat-wrong', blind(lab));
    expect(claim?.sure).toBe('proved');
    expect(commands(claim).apply).toEqual([
      'nft insert rule ip mine c handle 4 ip saddr 10.88.0.2 iifname "br0" udp dport 53 return',
    ]);
  });

  it('is only supported where nobody told how it ended', () => {
    expect(examine('dnat-wrong', blind(led(FORCED)))?.sure).toBe('supported');
  });

  it.each([
    ['the rule leaves it out', FORCED.replace('-i br0', '! -s 10.88.0.2/32 -i br0')],
    [
      'another rule comes first',
      FORCED.replace(
        '*nat\n',
        '*nat\n-A PREROUTING -p udp --dport 53 -j DNAT --to-destination 10.88.0.3:53\n',
      ),
    ],
    ['the rule is for another port', FORCED.replace('--dport 53', '--dport 54')],
  ])('is not told where %s', (_, rules) => {
    expect(
      examine('dnat-wrong', dropped(led(rules), 'NOT_SPECIFIED', 'br_handle_frame_finish'))?.what ?? '',
    ).not.toContain('itself');
  });

  it('is not told where it ended otherwise', () => {
    expect(
      examine('dnat-wrong', dropped(led(FORCED), 'TC_INGRESS', 'sch_handle_ingress', 'vetha')),
    ).toBeNull();
  });
});
