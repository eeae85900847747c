/** The gateway is another container of the same bridge, and br_netfilter makes the entry on the way there. */
import { describe, expect, it } from 'vitest';
import bridgeNetfilter from '../../src/causes/bridge-netfilter-drop.ts';
import conntrackStale from '../../src/causes/conntrack-stale.ts';
import type { MetPacket } from '../../src/model/facts.ts';
import type { Hop } from '../../src/model/path.ts';
import { commands } from './examine.ts';
import { DOCKER, without, withRules } from './rules-of.ts';
import { healthy, hit, type Lab, silent } from './scene.ts';

const KEY = 'net.bridge.bridge-nf-call-iptables';
const MASQUERADE = '-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE';

/** A leaves through B: over br0 to vethb, and from there through br0 to up0, with its own address as the source. */
function throughB(rules = DOCKER): Lab {
  const lab = withRules(silent(healthy('outside')), rules);
  for (const one of lab.sightings) if (one.hop === 'host/up0') one.source = '10.88.0.2';
  const there = healthy('sibling');
  const [eth0, vetha, vethb, other] = there.path.hops as unknown as [Hop, Hop, Hop, Hop];
  lab.path.hops = [eth0, vetha, vethb, other, ...lab.path.hops.slice(2)] as Lab['path']['hops'];
  lab.path.stages = ['send', 'wire', 'bridge', 'wire', 'forward', 'forward', 'beyond'];
  lab.sysctls.host[KEY] = '1';
  return lab;
}

const linkAt = (lab: Lab, name: string) =>
  lab.stacks.host.links.find((one) => one.name === name)?.ifindex ?? null;

/** The probe met this chain of NAT on its way out by `out`. */
function met(lab: Lab, out: string): Lab {
  hit(lab, { table: 'nat', chain: 'POSTROUTING', text: MASQUERADE, number: null }, 'continue');
  const packet: MetPacket = {
    source: '10.88.0.2',
    destination: '198.51.100.1',
    sourcePort: 40000,
    destinationPort: 80,
    ingress: linkAt(lab, 'br0'),
    egress: linkAt(lab, out),
  };
  lab.ruleHits = lab.ruleHits.map((one) => ({ ...one, packet }));
  return lab;
}

describe('bridge-netfilter-drop, where the gateway is a port of the bridge', () => {
  it('names the setting, and turns it off', () => {
    const claim = bridgeNetfilter.examine(throughB());
    expect(claim).toMatchObject({ sure: 'supported', what: expect.stringContaining(KEY) });
    expect(claim?.why).toContain(MASQUERADE);
    expect(commands(claim).apply).toEqual([`sysctl -w ${KEY}=0`]);
  });

  it('has it proved where NAT was seen to be asked with the bridge as the way out', () => {
    expect(bridgeNetfilter.examine(met(throughB(), 'br0'))?.sure).toBe('proved');
    expect(bridgeNetfilter.examine(met(throughB(), 'up0'))?.sure).toBe('supported');
  });

  it('is not for frames that no rule of IP sees, nor for one bridge that others call for', () => {
    const lab = throughB();
    lab.sysctls.host[KEY] = '0';
    expect(bridgeNetfilter.examine(lab)?.what ?? '').not.toContain('tracked');
  });

  it('is not for what no rule would masquerade, or hides from tracking, or what is masqueraded inside too', () => {
    const none = without(DOCKER, MASQUERADE);
    const hidden = `*raw\n-A PREROUTING -i br0 -j CT --notrack\n${DOCKER}`;
    const inside = DOCKER.replace(MASQUERADE, MASQUERADE.replace(' ! -o br0', ''));
    for (const rules of [none, hidden, inside]) expect(bridgeNetfilter.examine(throughB(rules))).toBeNull();
  });

  it('is not for a flow that this host only routes, nor for one that was rewritten', () => {
    const routed = withRules(silent(healthy('outside')), DOCKER);
    for (const one of routed.sightings) if (one.hop === 'host/up0') one.source = '10.88.0.2';
    routed.sysctls.host[KEY] = '1';
    expect(bridgeNetfilter.examine(routed)).toBeNull();
    const rewritten = throughB();
    for (const one of rewritten.sightings) if (one.hop === 'host/up0') one.source = '192.0.2.1';
    expect(bridgeNetfilter.examine(rewritten)).toBeNull();
  });
});

describe('conntrack-stale', () => {
  it('does not take the entries of other probes for old where the one that is lost made its own', () => {
    const tracked = (sourcePort: number) => ({
      proto: 'tcp',
      original: { source: '10.88.0.2', destination: '198.51.100.1', sourcePort, destinationPort: 80 },
      reply: {
        source: '198.51.100.1',
        destination: '10.88.0.2',
        sourcePort: 80,
        destinationPort: sourcePort,
      },
      flags: ['UNREPLIED'],
      text: `tcp 6 118 SYN_SENT sport=${sourcePort}`,
    });
    const lab = withRules(silent(healthy('outside')), DOCKER);
    for (const one of lab.sightings) {
      if (one.kind !== 'request') continue;
      one.sourcePort = 40000 + one.probe;
      if (one.hop === 'host/up0') one.source = '10.88.0.2';
    }
    lab.flow.proto = 'tcp';
    lab.flow.port = 80;
    lab.conntrack.entries = [40000, 40001, 40002].map(tracked) as Lab['conntrack']['entries'];
    expect(conntrackStale.examine(lab)).not.toBeNull();
    expect(conntrackStale.examine(met(lab, 'up0'))).toBeNull();
  });
});
