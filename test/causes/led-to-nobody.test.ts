/** Translations that lead to a port of a namespace whose sockets are known, where nobody listens. */
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/model/evidence.ts';
import type { Side } from '../../src/model/facts.ts';
import { asking, listener, refusedAt } from './asking.ts';
import { commands, examine } from './examine.ts';
import { DOCKER, iptables, nft, withRules } from './rules-of.ts';
import { blind, dropped, hit, type Lab, lostAt } from './scene.ts';

const MESH = `*nat
-A OUTPUT -p tcp -j ISTIO_OUTPUT
-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN
-A ISTIO_OUTPUT -j ISTIO_REDIRECT
-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
`;

/** The request was refused in the sender's own namespace, before any interface saw it. */
function refusedInside(rules: readonly Rule[], family: 4 | 6 = 4, side: Side = 'container'): Lab {
  const lab = lostAt(asking('outside', 'tcp', 80, family), 0);
  lab.symptom = { kind: 'refused', errno: 'ECONNREFUSED', from: lab.flow.address, says: null, bornAt: null };
  lab.firewall[side] = rules as Lab['firewall']['container'];
  return dropped(lab, 'NO_SOCKET', family === 6 ? 'tcp_v6_rcv' : 'tcp_v4_rcv');
}

/** Another container's request arrived at B, and B's own rules led it on. */
function refusedByB(rules: string): Lab {
  const lab = refusedAt(asking('sibling', 'tcp', 80), 'other/eth0');
  lab.firewall.other = iptables(rules) as Lab['firewall']['other'];
  lab.listeners = [listener({ side: 'other' })];
  return lab;
}

describe('dnat-wrong: led to a port where nobody listens', () => {
  it('names the rule, the port and who is missing, for what a container itself sends', () => {
    const claim = examine('dnat-wrong', refusedInside(iptables(MESH)));
    expect(claim).toMatchObject({
      sure: 'proved',
      what: 'a REDIRECT rule leads it to 127.0.0.1:15001, where nobody listens in lab-a: -A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001',
      do: expect.stringMatching(/^Start the program that is to listen on port 15001 of lab-a/),
    });
    expect(claim?.fixes?.map(({ risk }) => risk)).toEqual(['disruptive']);
    expect(commands(claim).apply[0]).toMatch(/^nsenter .* iptables -t nat -D ISTIO_REDIRECT 1$/);
  });

  it('is told by rules of nft and by IPv6', () => {
    const rule = nft('tcp dport 80 redirect to :15001', { family: 'ip6', hook: 'output' });
    expect(examine('dnat-wrong', refusedInside([rule], 6))?.what).toContain('to [::1]:15001, where nobody');
  });

  it('is told of a DNAT to loopback, and only supported where nobody told how it ended', () => {
    const rules = iptables('*nat\n-A OUTPUT -p tcp -j DNAT --to-destination 127.0.0.1:15001');
    const claim = examine('dnat-wrong', blind(refusedInside(rules)));
    expect(claim).toMatchObject({ sure: 'supported', what: expect.stringContaining('127.0.0.1:15001') });
  });

  it('names the program that listens on another address', () => {
    const lab = refusedInside(iptables(MESH));
    lab.listeners = [listener({ port: 15001, address: '10.88.0.2' })];
    expect(examine('dnat-wrong', lab)).toMatchObject({
      why: expect.stringContaining('Only python3 on 10.88.0.2:15001 listens there.'),
      do: expect.stringMatching(/^Let python3 listen on 127\.0\.0\.1 too/),
    });
  });

  it('is told of what comes in, where the rules of the one who is asked lead it on', () => {
    const inbound = '*nat\n-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 15006';
    const claim = examine('dnat-wrong', refusedByB(inbound));
    expect(claim?.what).toContain('leads it to 10.88.0.3:15006, where nobody listens');
    expect(claim?.why).toContain('What is open there: 80.');
  });

  it('is told of a published port, which the host leads on rightly', () => {
    const lab = refusedAt(
      withRules(asking('from-outside', 'tcp', 8080), DOCKER),
      'container/eth0',
      '10.88.0.2',
    );
    for (const one of lab.sightings)
      if (one.kind === 'request' && one.hop !== 'host/up0') one.destination = '10.88.0.2';
    lab.firewall.container = iptables(
      '*nat\n-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 15006',
    ) as Lab['firewall']['container'];
    expect(examine('dnat-wrong', lab)?.what).toContain('10.88.0.2:15006, where nobody listens in lab-a');
    lab.listeners = [listener({ port: 15006 })];
    expect(examine('dnat-wrong', lab)).toBeNull();
  });

  it('is told of TPROXY, which drops what no socket takes', () => {
    const rules = '*mangle\n-A PREROUTING -p tcp -m tcp --dport 80 -j TPROXY --on-port 15006 --on-ip 0.0.0.0';
    const lab = dropped(lostAt(asking('sibling', 'tcp', 80), 4), 'NETFILTER_DROP', 'nf_hook_slow');
    lab.firewall.other = iptables(rules) as Lab['firewall']['other'];
    const says = expect.stringContaining('a TPROXY rule leads it to port 15006');
    expect(examine('dnat-wrong', lab)?.what).toEqual(says);
    const [text = ''] = rules.split('\n').slice(1);
    expect(examine('dnat-wrong', hit(structuredClone(lab), { text }, 'drop', 'other'))?.what).toEqual(says);
    const another = { text: '-A FORWARD -j DROP' };
    expect(examine('dnat-wrong', hit(structuredClone(lab), another, 'drop', 'other'))).toBeNull();
    lab.listeners = [listener({ side: 'other', port: 15006 })];
    expect(examine('dnat-wrong', lab)).toBeNull();
  });

  it.each([
    ['somebody listens there', (lab: Lab) => lab.listeners.push(listener({ port: 15001 }))],
    [
      'an exception is met before',
      (lab: Lab) => {
        const text = MESH.replace('*nat\n', '*nat\n-A OUTPUT -p tcp --dport 80 -j ACCEPT\n');
        lab.firewall.container = iptables(text) as Lab['firewall']['container'];
      },
    ],
    [
      'the runtime’s own resolver lives behind it',
      (lab: Lab) => {
        lab.flow.address = '127.0.0.11';
        lab.path.ending = 'container';
      },
    ],
  ])('is not told where %s', (_, change) => {
    const lab = refusedInside(iptables(MESH));
    change(lab);
    expect(examine('dnat-wrong', lab)).toBeNull();
  });
});

describe('connection-refused', () => {
  it('is not laid at the door of a destination that the request never came to', () => {
    const lab = refusedInside([]);
    lab.control = {
      asked: true,
      answered: true,
      outcomes: [{ probe: 0, result: 'answered', microseconds: 90, errno: null, says: null }],
      says: '',
    };
    expect(examine('connection-refused', lab)).toBeNull();
  });
});
