/** A VPN or tunnel as the way out is judged like an uplink, as far as it is one. */
import { describe, expect, it } from 'vitest';
import { commands, examine } from './examine.ts';
import { blind, dropped, healthy, type Lab, lostAt, silent } from './scene.ts';

/** The uplink of the lab as a tunnel. */
function through(kind: string, lab: Lab = silent(healthy())): Lab {
  const hop = lab.path.hops.find(({ id }) => id === 'host/up0')!;
  hop.kind = kind;
  for (const one of [hop.link, ...lab.stacks.host.links.filter(({ name }) => name === 'up0')])
    Object.assign(one, { kind, noarp: true });
  return lab;
}

/** Nothing rewrites the source. */
function unmasqueraded(lab: Lab): Lab {
  for (const one of lab.sightings) if (one.hop === 'host/up0') one.source = '10.88.0.2';
  return lab;
}

describe.each(['wireguard', 'tun', 'vxlan', 'gre'])('by %s', (kind) => {
  it('misses its MASQUERADE as an uplink would', () => {
    const claim = examine('masquerade-missing', unmasqueraded(through(kind)));
    expect(claim?.why).toContain('up0');
    expect(commands(claim).apply).toEqual([
      'iptables -t nat -A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE',
    ]);
    expect(examine('masquerade-missing', through(kind))).toBeNull();
  });

  it('misses none where its far end may have refused the packets', () => {
    const lab = () => unmasqueraded(through(kind));
    expect(examine('masquerade-missing', blind(lab()))).toBeNull();
    expect(examine('masquerade-missing', dropped(lab(), 'NOT_SPECIFIED', 'vxlan_rcv'))).toBeNull();
    expect(examine('masquerade-missing', dropped(lab(), 'NOT_SPECIFIED', 'unknown'))).toBeNull();
    expect(examine('masquerade-missing', dropped(lab(), 'NOT_SPECIFIED', 'tcp_v4_rcv'))).not.toBeNull();
  });

  it('needs no address, and a carrier', () => {
    const lab = through(kind, lostAt(healthy(), 3));
    const up0 = lab.stacks.host.links.find(({ name }) => name === 'up0')!;
    up0.addresses = [];
    expect(examine('uplink-down', lab)).toBeNull();
    up0.carrier = false;
    expect(examine('uplink-down', lab)?.what).toContain('without carrier');
  });

  it('has no neighbours that could ask for an address', () => {
    const lab = through(kind, silent(healthy('outside', 6)));
    for (const one of lab.sightings) one.source = '2001:db8::a2';
    expect(examine('neighbour-unanswered', lab)).toBeNull();
  });
});
