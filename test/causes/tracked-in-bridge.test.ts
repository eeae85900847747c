/** The gateway is another container of the same bridge, and br_netfilter makes the entry on the way there. */
import { describe, expect, it } from 'vitest';
import bridgeNetfilter from '../../src/causes/bridge-netfilter-drop.ts';
import conntrackStale from '../../src/causes/conntrack-stale.ts';
import type { MetPacket } from '../../src/model/facts.ts';
import type { Hop } from '../../src/model/path.ts';
import { sighting } from '../examples/sighting.ts';
import { commands } from './examine.ts';
import { DOCKER, without, withRules } from './rules-of.ts';
import { dropped, healthy, hit, type Lab, silent } from './scene.ts';

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

/** A is a port of br2, which a cable joins to br0: over br2 to n0, out of n1 into br0, and from there through br0 to up0. */
function overCable(shown = '10.88.0.2'): Lab {
  const lab = withRules(silent(healthy('outside')), DOCKER.replace('! -o br0', '-o up0'));
  const [eth0, vetha, ...rest] = lab.path.hops as unknown as [Hop, Hop, ...Hop[]];
  const end = (name: string, master: string): Hop => ({
    ...vetha,
    id: `host/${name}`,
    name,
    link: { ...vetha.link, name, master },
  });
  lab.path.hops = [
    eth0,
    { ...vetha, link: { ...vetha.link, master: 'br2' } },
    end('n0', 'br2'),
    end('n1', 'br0'),
    ...rest,
  ] as Lab['path']['hops'];
  lab.path.stages = ['send', 'wire', 'bridge', 'wire', 'port', 'forward', 'beyond'];
  for (const hop of ['host/n0', 'host/n1']) lab.sightings.push(sighting(hop, 'request'));
  for (const one of lab.sightings)
    if (/n0|n1|br0|up0/.test(one.hop) && one.kind === 'request') one.source = shown;
  lab.sysctls.host[KEY] = '1';
  return lab;
}

describe('bridge-netfilter-drop, where a cable leads to the bridge that routes', () => {
  it('names the setting where the way over the cable was tracked, and no rule asked that would masquerade', () => {
    const claim = bridgeNetfilter.examine(overCable());
    expect(claim?.what).toContain('tracked inside br2');
    expect(claim?.why).toContain('-o up0 -j MASQUERADE');
    const lab = overCable();
    lab.sysctls.host[KEY] = '0';
    expect(bridgeNetfilter.examine(lab)?.what ?? '').not.toContain('br2');
  });

  it('names it where the way over the cable was masqueraded as this host, which takes nothing in from itself', () => {
    const lab = dropped(overCable('10.88.0.1'), 'IP_LOCAL_SOURCE', 'ip_rcv_finish_core');
    const claim = bridgeNetfilter.examine(lab);
    expect(claim).toMatchObject({
      sure: 'proved',
      what: expect.stringContaining('masqueraded inside br2 as 10.88.0.1'),
    });
    // Without that drop, and where nothing of the answer is lost, it is not known to matter.
    expect(bridgeNetfilter.examine(overCable('10.88.0.1'))?.what ?? '').not.toContain('masqueraded');
    // An address that is not this host's own may come in.
    expect(bridgeNetfilter.examine(dropped(overCable('10.88.0.9'), 'IP_LOCAL_SOURCE', 'f'))).toBeNull();
  });

  it('names it where the data of the answer get another port on the way back over the bridge', () => {
    const lab = overCable();
    for (const one of lab.sightings) if (one.hop === 'host/up0') one.source = '192.0.2.1';
    lab.exchange = {
      speech: 'http',
      over: 0,
      probe: 3,
      result: 'lost',
      says: null,
      waited: 500,
      certificate: null,
      ttl: null,
    };
    const reply = (hop: string, sourcePort: number) =>
      sighting(hop, 'reply', { source: '198.51.100.1', destination: '10.88.0.2', sourcePort });
    lab.sightings.push(reply('host/n0', 80), reply('host/vetha', 80));
    expect(bridgeNetfilter.examine(lab)).toBeNull();
    lab.sightings.push(reply('host/vetha', 425));
    expect(bridgeNetfilter.examine(lab)).toMatchObject({
      sure: 'proved',
      why: expect.stringContaining('from port 80 and come out from port 425'),
    });
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
