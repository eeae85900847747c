/** A VPN or tunnel as the way out is judged like an uplink, as far as it is one. */
import { describe, expect, it } from 'vitest';
import { sighting } from '../examples/sighting.ts';
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

  it('misses none where the host, which needs none, is not answered through it either', () => {
    const asked = (answered: boolean, lab = unmasqueraded(through(kind))): Lab => ({
      ...lab,
      control: { asked: true, answered, outcomes: [], says: '' },
    });
    expect(examine('masquerade-missing', asked(false))).toBeNull();
    expect(examine('no-reply-from-destination', asked(false))?.why).toContain(
      "with the container's own address 10.88.0.2: it was not rewritten here",
    );
    expect(examine('masquerade-missing', asked(true))).not.toBeNull();
    // Who is answered through it shows that it carries, whoever tells of its outer packets.
    expect(examine('masquerade-missing', asked(true, blind(unmasqueraded(through(kind)))))).not.toBeNull();
    const elsewhere = asked(false);
    elsewhere.stacks.host.routes = [];
    expect(examine('masquerade-missing', elsewhere)).not.toBeNull();
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

describe('a search for the next hop that entered a tunnel', () => {
  /** The router of the lab is asked for on it. */
  function searching(kind = 'vxlan'): Lab {
    const lab = through(kind, lostAt(healthy(), 3));
    for (const one of [lab.path.hops[3]!.link, ...lab.stacks.host.links]) one.noarp = false;
    lab.stacks.host.neighbours = [];
    lab.sightings.push(
      sighting('host/up0', 'neighbour', { probe: -1, says: 'who has 192.0.2.2? tell 192.0.2.1' }),
    );
    return lab;
  }
  const reachable = (address: string) => ({
    address,
    dev: 'up0',
    mac: '02:00:00:00:00:07',
    state: ['REACHABLE'],
    proxy: false,
  });

  it('tells that nobody behind it answers, and of nobody that he is gone', () => {
    const claim = examine('no-reply-from-destination', searching());
    expect(claim?.what).toBe(
      'nobody behind the tunnel up0 answers for 192.0.2.2, by which 198.51.100.1 is reached',
    );
    expect(claim?.sure).toBe('supported');
    expect(examine('neighbour-absent', searching())).toBeNull();
  });

  it('tells that he is gone where others behind it answer', () => {
    const lab = searching();
    lab.stacks.host.neighbours = [reachable('192.0.2.7')];
    expect(examine('no-reply-from-destination', lab)).toBeNull();
    expect(examine('neighbour-absent', lab)?.what).toBe('nobody on up0 owns 192.0.2.2');
  });

  it('tells nothing where it was answered, or never put', () => {
    const answered = searching();
    answered.stacks.host.neighbours = [reachable('192.0.2.2')];
    expect(examine('no-reply-from-destination', answered)).toBeNull();
    const unasked = searching();
    unasked.sightings.pop();
    expect(examine('no-reply-from-destination', unasked)).toBeNull();
    expect(examine('no-reply-from-destination', searching('veth'))).toBeNull();
  });
});

describe('silence behind a tun', () => {
  it('sends people to the program that has it open first', () => {
    expect(examine('no-reply-from-destination', through('tun'))?.do).toContain(
      'the program that has up0 open',
    );
    expect(examine('no-reply-from-destination', through('gre'))?.do).not.toContain('open');
  });
});
