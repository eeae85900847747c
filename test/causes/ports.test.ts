/** Ports that nobody serves, that are published elsewhere, or from where they cannot be reached. */
import { describe, expect, it } from 'vitest';
import connectionRefused from '../../src/causes/connection-refused.ts';
import helperMissing from '../../src/causes/conntrack-helper-missing.ts';
import listenerAddress from '../../src/causes/listener-address.ts';
import listenerStuck from '../../src/causes/listener-stuck.ts';
import localhostPort from '../../src/causes/localhost-port-unrouted.ts';
import noReply from '../../src/causes/no-reply-from-destination.ts';
import portNotPublished from '../../src/causes/port-not-published.ts';
import publishedElsewhere from '../../src/causes/port-published-elsewhere.ts';
import unreachableFromBridge from '../../src/causes/published-port-unreachable-from-bridge.ts';
import replySource from '../../src/causes/reply-source-wrong.ts';
import type { Listener } from '../../src/model/facts.ts';
import { sighting } from '../examples/sighting.ts';
import { asking, listener, refusedAt, unanswered, unpublished } from './asking.ts';
import { commands } from './examine.ts';
import { DOCKER, without, withRules } from './rules-of.ts';
import { blind, dropped, healthy, hit, type Lab, lostAt, silent } from './scene.ts';

const [loopback, family] = listenerAddress;

/** From outside to 8080, taken to the container's port 80, which refused. */
function refusedInside(listeners: Listener[]): Lab {
  const lab = refusedAt(
    withRules(asking('from-outside', 'tcp', 8080), DOCKER),
    'container/eth0',
    '10.88.0.2',
  );
  lab.listeners = listeners as Lab['listeners'];
  return lab;
}

describe('connection-refused', () => {
  it('says who refused and what is open there', () => {
    const claim = connectionRefused.examine(refusedInside([listener({ port: 3000 })]));
    expect(claim).toMatchObject({ sure: 'proved', what: 'nobody listens on port 80 of lab-a' });
    expect(claim?.why).toContain('3000');
  });

  it('believes a RST from past the uplink, and not one of the host in its name', () => {
    expect(connectionRefused.examine(refusedAt(asking('outside', 'tcp', 81), 'host/up0'))?.what).toContain(
      '198.51.100.1',
    );
    expect(connectionRefused.examine(refusedAt(asking('outside', 'tcp', 81), 'host/br0'))).toBeNull();
  });

  it('leaves a refusal alone that a firewall made', () => {
    expect(
      connectionRefused.examine(dropped(refusedInside([]), 'NETFILTER_DROP', 'nft_do_chain')),
    ).toBeNull();
    expect(connectionRefused.examine(refusedInside([listener()]))).toBeNull();
  });

  it('tells a port that is closed to everybody from one that is closed to the container alone', () => {
    const lab = refusedAt(asking('outside', 'tcp', 81), 'host/up0');
    const control = (result: 'answered' | 'refused') =>
      ({
        asked: true,
        answered: true,
        outcomes: [{ probe: 0, result, microseconds: 90, errno: null, says: null }],
        says: '',
      }) as Lab['control'];
    lab.control = control('refused');
    expect(connectionRefused.examine(lab)).toMatchObject({
      sure: 'proved',
      what: 'nobody listens on port 81 of 198.51.100.1',
    });
    lab.control = control('answered');
    expect(connectionRefused.examine(lab)?.what).toContain('to the container, and not to this host');
  });

  it('names the one client of a connected socket of UDP, and not nobody', () => {
    const lab = refusedInside([]);
    const socket = {
      side: 'container',
      address: '10.88.0.2',
      port: 80,
      peer: { address: '10.88.0.77', port: 9999 },
      process: 'nc (pid 7)',
    } as const;
    lab.connected = [socket] as Lab['connected'];
    const claim = connectionRefused.examine(lab);
    expect(claim?.what).toContain('nc (pid 7) on port 80 is connected to 10.88.0.77:9999');
    expect(claim?.what).not.toContain('nobody');
    lab.connected = [{ ...socket, port: 81 }] as Lab['connected'];
    expect(connectionRefused.examine(lab)?.what).toContain('nobody listens');
  });

  it('says nothing where nothing was refused', () => {
    expect(connectionRefused.examine(unanswered(asking('from-outside', 'tcp', 8080)))).toBeNull();
  });
});

describe('listener-on-loopback', () => {
  it('names the program in the container', () => {
    const claim = loopback?.examine(refusedInside([listener({ address: '127.0.0.1' })]));
    expect(claim).toMatchObject({
      sure: 'proved',
      what: 'python3 listens on 127.0.0.1 only, not on 10.88.0.2',
    });
  });

  it('leads the one port there inside the container, and keeps the rest of its loopback shut', () => {
    const lab = refusedInside([listener({ address: '127.0.0.1' })]);
    lab.sysctls.container['net.ipv4.conf.eth0.route_localnet'] = '0';
    const claim = loopback?.examine(lab) ?? null;
    const guard = 'PREROUTING -i eth0 -d 127.0.0.0/8 -j DROP';
    const lead = 'PREROUTING -i eth0 -d 10.88.0.2 -p tcp --dport 80 -j DNAT --to-destination 127.0.0.1:80';
    const key = 'net.ipv4.conf.eth0.route_localnet';
    const inside = (line: string) => `nsenter --net=${lab.target.netns.path} ${line}`;
    expect(commands(claim)).toEqual({
      apply: [`iptables -t raw -A ${guard}`, `sysctl -w ${key}=1`, `iptables -t nat -A ${lead}`].map(inside),
      undo: [`iptables -t nat -D ${lead}`, `sysctl -w ${key}=0`, `iptables -t raw -D ${guard}`].map(inside),
    });
    expect(claim?.fixes?.[0]?.risk).toBe('disruptive');
  });

  it('opens nothing where the setting is not known, by IPv6, or on the host itself', () => {
    const unknown = refusedInside([listener({ address: '127.0.0.1' })]);
    delete unknown.sysctls.container['net.ipv4.conf.eth0.route_localnet'];
    expect(loopback?.examine(unknown)?.fixes ?? []).toEqual([]);
    const host = refusedAt(asking('to-host', 'tcp', 9001), 'host/br0');
    host.listeners = [listener({ side: 'host', address: '127.0.0.1', port: 9001 })];
    host.sysctls.host['net.ipv4.conf.br0.route_localnet'] = '0';
    expect(loopback?.examine(host)?.fixes ?? []).toEqual([]);
  });

  it('names the program of the host that its containers ask', () => {
    const lab = refusedAt(asking('to-host', 'tcp', 9001), 'host/br0');
    lab.listeners = [listener({ side: 'host', address: '127.0.0.1', port: 9001 })];
    expect(loopback?.examine(lab)?.why).toContain('this host');
  });

  it('leaves one alone that listens elsewhere too, on another port, in another namespace, or when packets are lost', () => {
    const own = listener({ address: '127.0.0.1' });
    expect(loopback?.examine(refusedInside([own, listener({ address: '10.88.0.2' })]))).toBeNull();
    expect(loopback?.examine(refusedInside([{ ...own, port: 81 }]))).toBeNull();
    expect(loopback?.examine(refusedInside([{ ...own, side: 'host' }]))).toBeNull();
    const lost = unanswered(asking('from-outside', 'tcp', 8080));
    lost.listeners = [own];
    expect(loopback?.examine(lost)).toBeNull();
  });
});

describe('listener-wrong-family', () => {
  it('sees [::] that hears no IPv4, and 0.0.0.0 that hears no IPv6', () => {
    expect(family?.examine(refusedInside([listener({ family: 6, address: '::' })]))?.what).toBe(
      'python3 listens for IPv6 only',
    );
    const six = refusedAt(asking('sibling', 'tcp', 80, 6), 'other/eth0');
    six.listeners = [listener({ side: 'other' })];
    expect(family?.examine(six)?.what).toBe('python3 listens for IPv4 only');
  });

  it('knows that * hears both', () => {
    expect(family?.examine(refusedInside([listener({ family: 6, address: '*' })]))).toBeNull();
    expect(family?.examine(refusedInside([listener({ family: 6, address: '::', port: 81 })]))).toBeNull();
  });
});

describe('listener-stuck', () => {
  const stuck = (about: Partial<Listener>): Lab => {
    const lab = unanswered(asking('from-outside', 'tcp', 8080));
    lab.listeners = [listener(about)];
    return lab;
  };

  it('sees a full queue where packets were delivered', () => {
    expect(listenerStuck.examine(stuck({ backlog: 65, backlogMax: 64 }))?.what).toContain('does not accept');
  });

  it('leaves a queue with room alone, and packets that never arrived', () => {
    expect(listenerStuck.examine(stuck({ backlog: 2 }))).toBeNull();
    expect(listenerStuck.examine(stuck({ backlog: 64 }))).toBeNull();
    expect(listenerStuck.examine(stuck({ backlog: 1, backlogMax: 0 }))).not.toBeNull();
    const lost = lostAt(asking('from-outside', 'tcp', 8080), 1);
    lost.listeners = [listener({ backlog: 65, side: 'container' })];
    expect(listenerStuck.examine(lost)).toBeNull();
  });

  it('is contradicted by a firewall\u2019s drop', () => {
    expect(
      listenerStuck.examine(dropped(stuck({ backlog: 65 }), 'NETFILTER_DROP', 'nft_do_chain')),
    ).toBeNull();
  });
});

describe('no-reply-from-destination', () => {
  it('sees the request leave and says whether the host is answered', () => {
    const lab = silent(healthy());
    lab.control = { asked: true, answered: false, outcomes: [], says: '' };
    expect(noReply.examine(lab)).toMatchObject({
      sure: 'proved',
      why: expect.stringContaining('silent for everybody'),
    });
    lab.control = { asked: true, answered: true, outcomes: [], says: '' };
    expect(noReply.examine(lab)?.why).toContain('treats the container differently');
    lab.outcomes = [{ ...lab.outcomes[0]!, result: 'answered' }, ...lab.outcomes];
    expect(noReply.examine(lab)?.why).toContain('as others of these did: it is not by who asks');
    lab.control = { asked: true, answered: false, outcomes: [], says: '' };
    expect(noReply.examine(lab)?.why).toContain('gets none either, and others of these did');
    expect(noReply.examine(lab)?.why).not.toContain('everybody');
    expect(noReply.examine(lab)?.what).toBe('198.51.100.1 answered only 1 of 2 pings');
    // Who refuses some of them is silent for nobody.
    lab.outcomes = [{ ...lab.outcomes[0]!, result: 'refused' }, ...lab.outcomes.slice(1)];
    expect(noReply.examine(lab)?.why).not.toContain('everybody');
  });

  it('counts a datagram\u2019s silence only where the same one was answered for the host', () => {
    const lab = silent(asking('outside', 'udp', 123));
    lab.control = { asked: true, answered: false, outcomes: [], says: '' };
    expect(noReply.examine(lab)).toBeNull();
    lab.control = { asked: true, answered: true, outcomes: [], says: '' };
    expect(noReply.examine(lab)?.why).toContain('treats the container differently');
  });

  it('does not count a datagram\u2019s silence, a drop of this host, or a loss inside it', () => {
    expect(noReply.examine(silent(asking('outside', 'udp', 5000)))).toBeNull();
    expect(noReply.examine(lostAt(healthy(), 3))).toBeNull();
    const lab = dropped(silent(healthy()), 'NOT_SPECIFIED', 'do_xdp_generic', 'up0');
    if (lab.drops.known) Object.assign(lab.drops.value[0] as object, { hop: 'host/up0' });
    expect(noReply.examine(lab)).toBeNull();
  });

  it('sees a macvlan child whom nobody on the wire answers while they answer the host', () => {
    const lab = lostAt(asking('outside', 'tcp', 80), 0);
    Object.assign(lab.path.hops[0] as object, { kind: 'macvlan' });
    lab.path.sourceRoute.gateway = '192.0.2.2';
    lab.stacks.host.neighbours = [];
    lab.sightings.push(sighting('host/up0', 'neighbour', { says: 'who has 192.0.2.2' }));
    lab.control = { asked: true, answered: true, outcomes: [], says: '' };
    expect(noReply.examine(lab)?.what).toContain('MAC address');
    lab.control = { asked: true, answered: false, outcomes: [], says: '' };
    expect(noReply.examine(lab)).toBeNull();
  });
});

describe('port-not-published', () => {
  it('sees that the rule is gone, and writes it again by the rules that still name the port', () => {
    const claim = portNotPublished.examine(withRules(unpublished(), without(DOCKER, 'DNAT')));
    expect(claim).toMatchObject({
      sure: 'proved',
      what: 'no rule leads from port 8080 of this host to lab-a',
    });
    expect(commands(claim).apply).toEqual([
      'iptables -t nat -A DOCKER -p tcp --dport 8080 -j DNAT --to-destination 10.88.0.2:80',
    ]);
  });

  it('is not for a request that a rule was seen to take on, or that a later hook met rewritten', () => {
    const gone = () => withRules(unpublished(), without(DOCKER, 'DNAT'));
    const dnat = {
      table: 'nat',
      chain: 'DOCKER',
      text: '-A DOCKER -p tcp -j DNAT --to-destination 10.88.0.2:80',
      verdict: 'dnat',
    };
    expect(portNotPublished.examine(hit(gone(), dnat, 'accept'))).toBeNull();
    const met = (destination: string) => {
      const lab = hit(gone(), { chain: 'FORWARD', text: '-A FORWARD -j DOCKER-USER' }, 'jump DOCKER-USER');
      const packet = { source: '192.0.2.2', destination, sourcePort: 40000, destinationPort: 80 };
      lab.ruleHits = lab.ruleHits.map((one) => ({
        ...one,
        packet: { ...packet, ingress: null, egress: null },
      }));
      return portNotPublished.examine(lab);
    };
    expect(met('10.88.0.2')).toBeNull();
    expect(met('192.0.2.1')).not.toBeNull();
  });

  it('says that all rules are gone, and guesses no port', () => {
    const claim = portNotPublished.examine(withRules(unpublished(), ''));
    expect(claim?.why).toContain('no nat rules at all');
    expect(claim?.fixes).toEqual([]);
  });

  it('takes the container\u2019s port from the runtime', () => {
    const lab = withRules(unpublished(), '');
    lab.target.ports = [{ proto: 'tcp', hostAddress: '0.0.0.0', hostPort: 8080, containerPort: 3000 }];
    expect(JSON.stringify(portNotPublished.examine(lab)?.fixes)).toContain('10.88.0.2:3000');
  });

  it('sees a chain that nobody calls any more', () => {
    const claim = portNotPublished.examine(
      withRules(unpublished(), without(DOCKER, '-A PREROUTING -m addrtype')),
    );
    expect(claim?.why).toContain('not met');
    expect(commands(claim).apply).toEqual([
      'iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
    ]);
  });

  it('leaves a port alone that is published, that the host serves, or that a container asks', () => {
    expect(portNotPublished.examine(withRules(unpublished(), DOCKER))).toBeNull();
    const served = withRules(unpublished(), '');
    served.listeners = [listener({ side: 'host', port: 8080 })];
    expect(portNotPublished.examine(served)).toBeNull();
    expect(
      portNotPublished.examine(withRules(refusedAt(asking('to-host', 'tcp', 8080), 'host/br0'), '')),
    ).toBeNull();
  });
});

describe('port-published-elsewhere', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1 only'],
    ['192.0.2.77', 'an address this host does not have'],
    ['10.88.0.1', 'not on 192.0.2.1'],
  ])('sees that it is published on %s', (to, says) => {
    const rules = DOCKER.replace(
      '-A DOCKER -p tcp -m tcp --dport 8080',
      `-A DOCKER -d ${to}/32 -p tcp -m tcp --dport 8080`,
    );
    const claim = publishedElsewhere.examine(withRules(unpublished(), rules));
    expect(claim?.what).toContain(says);
    expect(commands(claim).apply).toEqual([
      'iptables -t nat -A DOCKER -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.88.0.2:80',
    ]);
  });

  it('believes the runtime, and its proxy', () => {
    const told = withRules(unpublished(), '');
    told.target.ports = [{ proto: 'tcp', hostAddress: '127.0.0.1', hostPort: 8080, containerPort: 80 }];
    expect(publishedElsewhere.examine(told)?.what).toContain('127.0.0.1 only');
    const proxy = withRules(unpublished(), '');
    proxy.listeners = [listener({ side: 'host', address: '127.0.0.1', port: 8080, process: 'docker-proxy' })];
    expect(publishedElsewhere.examine(proxy)?.what).toContain('127.0.0.1 only');
    proxy.listeners = [listener({ side: 'host', address: '0.0.0.0', port: 8080, process: 'conmon' })];
    expect(publishedElsewhere.examine(proxy)).toBeNull();
  });

  it('leaves another port\u2019s rule alone, and a port that is published here too', () => {
    const other = DOCKER.replace(
      '-A DOCKER -p tcp -m tcp --dport 8080',
      '-A DOCKER -d 127.0.0.1/32 -p tcp -m tcp --dport 9090',
    );
    expect(publishedElsewhere.examine(withRules(unpublished(), other))).toBeNull();
    const both = `${DOCKER}-A DOCKER -d 127.0.0.1/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.88.0.2:81\n`;
    expect(publishedElsewhere.examine(withRules(unpublished(), both))).toBeNull();
  });
});

describe('published-port-unreachable-from-bridge', () => {
  const EXCLUDED = DOCKER.replace('-A DOCKER -p tcp', '-A DOCKER ! -i br0 -p tcp');

  function fromSibling(rules: string): Lab {
    const lab = refusedAt(withRules(asking('to-host', 'tcp', 8080), rules), 'host/br0', '192.0.2.1');
    lab.flow.address = '192.0.2.1';
    for (const one of lab.sightings) if (one.kind === 'request') one.destination = '192.0.2.1';
    return lab;
  }

  it('sees that the rule leaves out the bridge, and adds it', () => {
    const claim = unreachableFromBridge.examine(fromSibling(EXCLUDED));
    expect(claim?.what).toContain('leaves out packets from br0');
    expect(JSON.stringify(claim?.fixes?.[0]?.apply)).toContain('"DOCKER","-i","br0","-p","tcp"');
  });

  it('leaves what comes in by the uplink alone: the rule takes it, and another one ended it', () => {
    const lab = withRules(asking('from-outside', 'tcp', 8080), EXCLUDED);
    lab.flow.from = 'container';
    lab.flow.address = '192.0.2.1';
    lab.sightings = lab.sightings.filter((one) => one.hop === 'host/up0' && one.kind === 'request');
    for (const one of lab.sightings) one.destination = '192.0.2.1';
    expect(unreachableFromBridge.examine(lostAt(lab, 1))).toBeNull();
  });

  it('believes a trace that saw a rule take the request on, whatever the rules say', () => {
    const lab = fromSibling(EXCLUDED);
    const rule = {
      table: 'nat',
      chain: 'DOCKER',
      text: '-A DOCKER -p tcp -j DNAT --to-destination 10.88.0.2:80',
      verdict: 'dnat',
    };
    expect(unreachableFromBridge.examine(hit(lab, rule, 'accept'))).toBeNull();
  });

  it('leaves a proxy that serves them alone, another bridge\u2019s rule, and a rule that takes them', () => {
    const served = fromSibling(EXCLUDED);
    served.listeners = [listener({ side: 'host', port: 8080, process: 'docker-proxy' })];
    expect(unreachableFromBridge.examine(served)).toBeNull();
    expect(
      unreachableFromBridge.examine(
        fromSibling(
          EXCLUDED.replaceAll('! -i br0 -p tcp -m tcp --dport 8080', '! -i br1 -p tcp --dport 8080'),
        ),
      ),
    ).toBeNull();
    expect(unreachableFromBridge.examine(fromSibling(DOCKER))).toBeNull();
  });

  it('sees its own request come home, and masquerades it as Docker does', () => {
    const lab = withRules(lostAt(asking('to-host', 'tcp', 8080), 2), DOCKER);
    lab.flow.address = '192.0.2.1';
    const home = (source: string) =>
      sighting('container/eth0', 'request', { source, destination: '10.88.0.2', destinationPort: 80 });
    lab.sightings = [...lab.sightings, home('10.88.0.1')];
    expect(unreachableFromBridge.examine(lab)?.what ?? '').not.toContain('masquerades');
    lab.sightings = [...lab.sightings, home('10.88.0.2')];
    // By its own address it would have asked itself.
    expect(
      unreachableFromBridge.examine({ ...lab, flow: { ...lab.flow, address: '10.88.0.2' } })?.what ?? '',
    ).not.toContain('masquerades');
    const claim = unreachableFromBridge.examine(lab);
    expect(claim).toMatchObject({ sure: 'proved', what: expect.stringContaining('nothing masquerades') });
    expect(JSON.stringify(claim?.fixes?.[0]?.apply)).toContain(
      '"POSTROUTING","-s","10.88.0.2","-d","10.88.0.2","-p","tcp","--dport","80","-j","MASQUERADE"',
    );
  });
});

describe('localhost-port-unrouted', () => {
  function fromLoopback(index: number): Lab {
    const lab = withRules(lostAt(asking('from-host', 'tcp', 8080), index), DOCKER);
    Object.assign(lab.flow, { address: '127.0.0.1', to: '127.0.0.1:8080' });
    for (const one of lab.sightings)
      Object.assign(one, { source: '127.0.0.1', destination: '10.88.0.2', destinationPort: 80 });
    lab.sysctls.host['net.ipv4.conf.br0.route_localnet'] = '1';
    return lab;
  }

  it('sees route_localnet off', () => {
    const lab = dropped(fromLoopback(0), 'NETFILTER_DROP', 'nf_hook_slow');
    lab.sysctls.host['net.ipv4.conf.br0.route_localnet'] = '0';
    const claim = localhostPort.examine(lab);
    expect(claim).toMatchObject({ sure: 'proved', what: expect.stringContaining('route_localnet') });
    expect(claim?.fixes?.[0]?.undo).toEqual([
      { run: { argv: ['sysctl', '-w', 'net.ipv4.conf.br0.route_localnet=0'] } },
    ]);
    lab.sysctls.host['net.ipv4.conf.all.route_localnet'] = '1';
    expect(localhostPort.examine(lab)).toBeNull();
  });

  it('sees 127.0.0.1 arrive in the container', () => {
    const lab = dropped(fromLoopback(3), 'IP_LOCALNET', 'ip_rcv_finish_core');
    lab.firewall.host = lab.firewall.host.filter((one) => !one.text.includes('--src-type LOCAL'));
    expect(localhostPort.examine(lab)?.what).toContain('source 127.0.0.1 is not rewritten');
  });

  it('leaves other addresses, unpublished ports and other drops alone', () => {
    const lab = dropped(fromLoopback(0), 'NETFILTER_DROP', 'nf_hook_slow');
    lab.sysctls.host['net.ipv4.conf.br0.route_localnet'] = '0';
    expect(localhostPort.examine(withRules(structuredClone(lab), ''))).toBeNull();
    expect(localhostPort.examine(dropped(structuredClone(lab), 'NETFILTER_DROP', 'nft_do_chain'))).toBeNull();
    lab.flow.address = '192.0.2.1';
    expect(localhostPort.examine(lab)).toBeNull();
  });
});

/** Behind NAT the server answers from another port, and the answer ends on the host. */
function answeredFromPort(port: number, asked: number): Lab {
  const lab = lostAt(asking('outside', 'udp', asked), 3, 'reply');
  for (const one of lab.sightings) {
    if (one.kind === 'request') Object.assign(one, { sourcePort: 40001, destinationPort: asked });
    if (one.kind === 'reply') Object.assign(one, { sourcePort: port, destinationPort: 40001 });
  }
  return lab;
}

describe('conntrack-helper-missing', () => {
  const examined = (lab: Lab) => helperMissing.examine(lab);

  it('sees TFTP answer from a fresh port, and gives its flows the helper where they come in', () => {
    const claim = examined(answeredFromPort(50123, 69));
    expect(claim).toMatchObject({ sure: 'proved', what: expect.stringContaining('port 50123, not 69') });
    expect(commands(claim).apply).toEqual([
      'iptables -t raw -I PREROUTING -i br0 -p udp --dport 69 -j CT --helper tftp',
    ]);
    expect(commands(claim).undo).toEqual([
      'iptables -t raw -D PREROUTING -i br0 -p udp --dport 69 -j CT --helper tftp',
    ]);
  });

  it('says where a rule gives the helper to others only', () => {
    const text = '*raw\n-A PREROUTING -i br1 -p udp --dport 69 -j CT --helper tftp\nCOMMIT\n';
    const lab = withRules(answeredFromPort(50123, 69), text);
    expect(examined(lab)?.why).toContain('to other flows');
  });

  it.each([
    ['another protocol, which answers from the port that was asked', answeredFromPort(50123, 7000)],
    ['an answer from the very port', answeredFromPort(69, 69)],
    ['one that came back', healthy()],
  ])('passes over %s', (_, lab) => {
    expect(examined(lab)).toBeNull();
  });
});

describe('reply-source-wrong', () => {
  it('sees the other port of the same address, on the hop where the answer came in', () => {
    const claim = replySource.examine(answeredFromPort(7001, 7000));
    expect(claim?.what).toBe(
      'the answer comes from port 7001 of 198.51.100.1, not from port 7000 that was asked',
    );
    expect(claim?.why).toContain('on up0');
    expect(replySource.examine(answeredFromPort(7000, 7000))).toBeNull();
  });

  function answeredBy(source: string): Lab {
    const lab = lostAt(asking('to-host', 'udp', 5151), 0, 'reply');
    lab.flow.address = '192.0.2.1';
    for (const one of lab.sightings) {
      if (one.kind === 'request') one.destination = '192.0.2.1';
      if (one.kind === 'reply') one.source = source;
    }
    lab.symptom = { kind: 'undelivered', errno: null, from: null, says: null, bornAt: null };
    return lab;
  }

  it('sees the other address', () => {
    expect(replySource.examine(answeredBy('10.88.0.1'))?.what).toContain(
      'comes from 10.88.0.1, not from 192.0.2.1',
    );
  });

  it('leaves the right address alone, and an answer that NAT should have turned back', () => {
    expect(replySource.examine(answeredBy('192.0.2.1'))).toBeNull();
    const nat = answeredBy('10.88.0.3');
    for (const one of nat.sightings)
      if (one.kind === 'request' && one.hop === 'host/br0') one.destination = '10.88.0.3';
    expect(replySource.examine(nat)).toBeNull();
    expect(replySource.examine(blind(healthy('to-host')))).toBeNull();
  });
});
