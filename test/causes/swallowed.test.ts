/** What traffic control, XDP, queues, checksums and narrow links swallow. */
import { describe, expect, it } from 'vitest';
import checksumBad from '../../src/causes/checksum-bad.ts';
import mtuBlackHole from '../../src/causes/mtu-black-hole.ts';
import qdiscDrop from '../../src/causes/qdisc-drop.ts';
import queueWithoutReader from '../../src/causes/queue-without-reader.ts';
import tcDrop from '../../src/causes/tc-drop.ts';
import xdpDrop from '../../src/causes/xdp-drop.ts';
import type { TrafficControl } from '../../src/model/facts.ts';
import { asking } from './asking.ts';
import { iptables, nft } from './rules-of.ts';
import { blind, dropped, healthy, hit, type Lab, linkOf, lostAt, silent } from './scene.ts';

const BPF =
  'filter protocol all pref 49152 bpf chain 0 handle 0x1 tc_drop direct-action not_in_hw id 12 tag a04f5eef06a7f555';
const U32 = `filter protocol ip pref 6 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 terminal flowid not_in_hw
  match 00000050/0000ffff at 20
	action order 1: gact action drop`;

const filter = (
  hop: string,
  direction: 'ingress' | 'egress',
  text: string,
  drops: number | null = null,
): TrafficControl => ({
  hop,
  kind: 'filter',
  direction,
  text,
  drops,
  argv: ['tc', '-s', 'filter', 'show', 'dev', hop.split('/')[1] as string, direction],
});

const queue = (hop: string, text: string, drops: number | null): TrafficControl => ({
  ...filter(hop, 'egress', text, drops),
  kind: 'qdisc',
});

const at = (lab: Lab, ...traffic: TrafficControl[]): Lab => {
  lab.traffic = traffic as Lab['traffic'];
  return lab;
};

describe('tc-drop', () => {
  it('blames ingress of the last hop that saw it', () => {
    const lab = at(
      dropped(lostAt(healthy(), 2), 'TC_INGRESS', '__netif_receive_skb_core'),
      filter('host/vetha', 'ingress', BPF),
    );
    const claim = tcDrop.examine(lab);
    expect(claim).toMatchObject({
      sure: 'proved',
      what: 'a traffic-control filter on vetha (ingress) drops it',
    });
    expect(claim?.fixes?.[0]?.apply.map((change) => 'run' in change && change.run.argv)).toEqual([
      ['bpftool', 'prog', 'pin', 'id', '12', '/sys/fs/bpf/netdoctor-12'],
      ['tc', 'filter', 'del', 'dev', 'vetha', 'ingress', 'protocol', 'all', 'pref', '49152'],
    ]);
    expect(claim?.fixes?.[0]?.undo[0]).toMatchObject({
      run: {
        argv: expect.arrayContaining(['add', 'bpf', 'da', 'object-pinned', '/sys/fs/bpf/netdoctor-12']),
      },
    });
  });

  it('blames egress of the first hop that did not, in either direction', () => {
    const out = at(
      dropped(lostAt(healthy(), 3), 'TC_EGRESS', '__dev_queue_xmit'),
      filter('host/up0', 'egress', BPF),
    );
    expect(tcDrop.examine(out)?.what).toContain('up0');
    const back = at(
      dropped(lostAt(healthy(), 2, 'reply'), 'TC_EGRESS', '__dev_queue_xmit'),
      filter('host/vetha', 'egress', BPF),
    );
    expect(tcDrop.examine(back)?.what).toContain('vetha');
  });

  it('blames ingress of an interface beside the path that the answer came in by, and not the path\u2019s own', () => {
    const lab = lostAt(healthy(), 4, 'reply');
    const beside = { hop: 'host/up1', where: 'host', device: 'up1', heading: 'in', onPath: false };
    lab.place = { ...lab.place!, beside: { ...lab.sightings[0]!, ...beside, foreign: false } } as never;
    dropped(lab, 'OTHERHOST', 'ip_rcv_core');
    at(lab, filter('host/up0', 'ingress', BPF, 3));
    expect(tcDrop.examine(lab)).toBeNull();
    at(lab, filter('host/up1', 'ingress', BPF, 3));
    const claim = tcDrop.examine(lab);
    expect(claim).toMatchObject({ what: 'a traffic-control filter on up1 (ingress) drops it' });
    expect(claim?.why).toContain('as far as up1');
    expect(JSON.stringify(claim?.fixes?.[0]?.apply)).toContain('"dev","up1","ingress"');
  });

  it('builds a u32 filter again for undo', () => {
    const lab = at(
      dropped(lostAt(healthy(), 2), 'TC_INGRESS', '__netif_receive_skb_core'),
      filter('host/vetha', 'ingress', U32),
    );
    expect(tcDrop.examine(lab)?.fixes?.[0]?.undo).toEqual([
      {
        run: {
          argv: [
            'tc',
            'filter',
            'add',
            'dev',
            'vetha',
            'ingress',
            'protocol',
            'ip',
            'pref',
            '6',
            'u32',
            'match',
            'u32',
            '0x00000050',
            '0x0000ffff',
            'at',
            '20',
            'action',
            'drop',
          ],
        },
      },
    ]);
  });

  it('enters the container\u2019s namespace for its own filters', () => {
    const lab = at(
      dropped(lostAt(healthy(), 0), 'TC_EGRESS', '__dev_queue_xmit'),
      filter('container/eth0', 'egress', BPF),
    );
    expect(JSON.stringify(tcDrop.examine(lab)?.fixes)).toContain('/run/netns/lab-a');
  });

  it('sees a redirect, which drops nothing', () => {
    const redirect =
      'filter protocol ip pref 6 u32 chain 0\n  match 00000000/00000000 at 0\n  action order 1: mirred (Egress Redirect to device dummy0) stolen';
    expect(
      tcDrop.examine(at(lostAt(healthy(), 2), filter('host/vetha', 'ingress', redirect)))?.what,
    ).toContain('sends it elsewhere');
  });

  it('leaves filters of other interfaces and directions alone', () => {
    const lab = () => dropped(lostAt(healthy(), 2), 'TC_INGRESS', '__netif_receive_skb_core');
    expect(tcDrop.examine(at(lab(), filter('host/vethb', 'ingress', BPF)))).toBeNull();
    expect(tcDrop.examine(at(lab(), filter('host/vetha', 'egress', BPF)))).toBeNull();
  });

  it('is contradicted by a drop elsewhere, and by a kernel that saw none', () => {
    expect(
      tcDrop.examine(
        at(
          dropped(lostAt(healthy(), 2), 'NETFILTER_DROP', 'nft_do_chain'),
          filter('host/vetha', 'ingress', BPF, 3),
        ),
      ),
    ).toBeNull();
    expect(tcDrop.examine(at(lostAt(healthy(), 2), filter('host/vetha', 'ingress', BPF, 3)))).toBeNull();
  });

  it('goes by counters where the kernel cannot be asked', () => {
    expect(
      tcDrop.examine(at(blind(lostAt(healthy(), 2)), filter('host/vetha', 'ingress', BPF, 3)))?.sure,
    ).toBe('supported');
    expect(
      tcDrop.examine(at(blind(lostAt(healthy(), 2)), filter('host/vetha', 'ingress', BPF, 0))),
    ).toBeNull();
  });
});

describe('qdisc-drop', () => {
  it('leaves what the hook of filters counts to tc-drop', () => {
    const clsact: TrafficControl = {
      ...queue('host/vetha', 'qdisc clsact ffff: dev vetha parent ffff:fff1', 3),
      direction: 'ingress',
    };
    const lab = at(
      dropped(lostAt(healthy(), 2), 'TC_INGRESS', '__netif_receive_skb_core'),
      clsact,
      filter('host/vetha', 'ingress', BPF),
    );
    expect(qdiscDrop.examine(lab)).toBeNull();
    expect(tcDrop.examine(blind(lab))?.sure).toBe('supported');
  });

  const NETEM = 'qdisc netem 8001: root refcnt 2 limit 1000 loss 100%';

  it('names emulated loss in the container, and builds it again for undo', () => {
    const lab = at(
      dropped(lostAt(healthy(), 0), 'QDISC_DROP', '__dev_queue_xmit'),
      queue('container/eth0', NETEM, 3),
    );
    const claim = qdiscDrop.examine(lab);
    expect(claim).toMatchObject({ sure: 'proved', what: 'the netem on eth0 drops it' });
    expect(claim?.fixes?.[0]?.undo).toMatchObject([
      {
        run: {
          argv: ['tc', 'qdisc', 'add', 'dev', 'eth0', 'root', 'netem', 'limit', '1000', 'loss', '100%'],
        },
      },
    ]);
  });

  it.each([
    [
      'qdisc tbf 8009: root refcnt 3 rate 8Kbit burst 1600b lat 50ms',
      ['tbf', 'rate', '8Kbit', 'burst', '1600', 'latency', '50ms'],
    ],
    ['qdisc pfifo 800a: root refcnt 3 limit 1p', ['pfifo', 'limit', '1']],
  ])('puts back %s', (text, words) => {
    const lab = at(
      dropped(lostAt(healthy(), 3), 'QDISC_DROP', '__dev_queue_xmit'),
      queue('host/up0', text, 2),
    );
    expect(JSON.stringify(qdiscDrop.examine(lab)?.fixes?.[0]?.undo)).toContain(
      words.map((word) => `"${word}"`).join(','),
    );
  });

  const CORRUPTS = 'qdisc netem 8003: root refcnt 2 limit 1000 corrupt';

  it('blames a queue that changes what leaves for the silence behind it', () => {
    const lab = at(silent(healthy()), queue('host/up0', `${CORRUPTS} 100%`, 0));
    const claim = qdiscDrop.examine(lab);
    expect(claim).toMatchObject({
      sure: 'supported',
      what: 'the netem on up0 changes it, and whoever gets it throws it away',
    });
    expect(JSON.stringify(claim?.fixes?.[0]?.undo)).toContain('"corrupt","100%"');
    // Not where the kernel says what else ended it.
    expect(qdiscDrop.examine(dropped(lab, 'NETFILTER_DROP', 'nft_do_chain'))).toBeNull();
  });

  it('does not where it changes fewer than were lost, or stands elsewhere', () => {
    expect(qdiscDrop.examine(at(silent(healthy()), queue('host/up0', `${CORRUPTS} 1%`, 0)))).toBeNull();
    expect(qdiscDrop.examine(at(silent(healthy()), queue('host/vetha', `${CORRUPTS} 100%`, 0)))).toBeNull();
  });

  it('tells a packet that waits in a queue from one that was dropped', () => {
    const tbf = 'qdisc tbf 8009: root refcnt 3 rate 1Kbit burst 200b lat 9s';
    const lab = at(lostAt(healthy(), 3), { ...queue('host/up0', tbf, 0), held: 2 });
    expect(qdiscDrop.examine(lab)).toMatchObject({
      sure: 'supported',
      what: 'the tbf on up0 holds it back longer than was waited for',
      why: expect.stringContaining('2 packets wait in it now'),
    });
    const usual = 'qdisc fq_codel 0: root refcnt 2 limit 10240p flows 1024';
    expect(
      qdiscDrop.examine(at(lostAt(healthy(), 3), { ...queue('host/up0', usual, 0), held: 2 })),
    ).toBeNull();
  });

  it('takes a policer for itself, and leaves the rest to tc-drop', () => {
    const police =
      'filter protocol all pref 7 u32 chain 0\n police 0x1 rate 8Kbit burst 1600b mtu 2Kb action drop overhead 0b';
    const lab = at(
      dropped(lostAt(healthy(), 2), 'TC_INGRESS', '__netif_receive_skb_core'),
      filter('host/vetha', 'ingress', police, 2),
    );
    expect(qdiscDrop.examine(lab)?.what).toContain('police');
    expect(tcDrop.examine(lab)).toBeNull();
  });

  it('leaves usual queues alone, those elsewhere, and drops of another kind', () => {
    const usual = 'qdisc fq_codel 0: root refcnt 2 limit 10240p flows 1024';
    expect(
      qdiscDrop.examine(
        at(dropped(lostAt(healthy(), 3), 'QDISC_DROP', '__dev_queue_xmit'), queue('host/up0', usual, 0)),
      ),
    ).toBeNull();
    expect(
      qdiscDrop.examine(
        at(dropped(lostAt(healthy(), 3), 'QDISC_DROP', '__dev_queue_xmit'), queue('host/vethb', NETEM, 3)),
      ),
    ).toBeNull();
    expect(
      qdiscDrop.examine(
        at(
          dropped(lostAt(healthy(), 0), 'NETFILTER_DROP', 'nft_do_chain'),
          queue('container/eth0', NETEM, 3),
        ),
      ),
    ).toBeNull();
  });
});

describe('xdp-drop', () => {
  const attach = (lab: Lab, hop: string, mode = 'xdpgeneric'): Lab => {
    linkOf(lab, hop).xdp = mode;
    linkOf(lab, hop).xdpProgram = 31;
    return lab;
  };

  it('sees that no answer enters the uplink', () => {
    const claim = xdpDrop.examine(
      dropped(attach(silent(healthy()), 'host/up0'), 'NOT_SPECIFIED', 'do_xdp_generic'),
    );
    expect(claim).toMatchObject({ sure: 'proved', what: 'an XDP program on up0 drops what comes in' });
    expect(claim?.fixes?.[0]).toMatchObject({
      apply: [{}, { run: { argv: ['ip', 'link', 'set', 'dev', 'up0', 'xdpgeneric', 'off'] } }],
      undo: [
        {
          run: {
            argv: ['ip', 'link', 'set', 'dev', 'up0', 'xdpgeneric', 'pinned', '/sys/fs/bpf/netdoctor-31'],
          },
        },
        {},
      ],
    });
  });

  it('sees a request that never entered the host\u2019s end', () => {
    expect(
      xdpDrop.examine(
        dropped(attach(lostAt(healthy(), 1), 'host/vetha', 'xdp'), 'NOT_SPECIFIED', 'veth_xdp_rcv_skb'),
      )?.what,
    ).toContain('vetha');
  });

  it('goes by the device that the kernel names', () => {
    const lab = dropped(
      attach(lostAt(healthy(), 0, 'reply'), 'container/eth0'),
      'NOT_SPECIFIED',
      'do_xdp_generic',
    );
    lab.sightings = lab.sightings.filter((one) => one.kind === 'request' || one.hop !== 'container/eth0');
    if (lab.drops.known) Object.assign(lab.drops.value[0] as object, { hop: 'container/eth0' });
    expect(xdpDrop.examine(lab)?.what).toBe('an XDP program on eth0 drops what comes in');
  });

  it('does not blame a program that passes packets while the destination is silent', () => {
    expect(xdpDrop.examine(attach(silent(healthy()), 'host/up0'))).toBeNull();
    expect(
      xdpDrop.examine(dropped(attach(silent(healthy()), 'host/up0'), 'NETFILTER_DROP', 'nft_do_chain')),
    ).toBeNull();
  });

  it('does not blame one on another interface', () => {
    expect(
      xdpDrop.examine(dropped(attach(silent(healthy()), 'host/vethb'), 'NOT_SPECIFIED', 'do_xdp_generic')),
    ).toBeNull();
  });

  it('takes off nothing that it could not put back', () => {
    const lab = dropped(attach(silent(healthy()), 'host/up0'), 'NOT_SPECIFIED', 'do_xdp_generic');
    linkOf(lab, 'host/up0').xdpProgram = null;
    expect(xdpDrop.examine(lab)?.fixes).toEqual([]);
  });
});

describe('queue-without-reader', () => {
  const TEXT = '-A FORWARD -i br0 -j NFQUEUE --queue-num 9';

  it('names the queue and the rule', () => {
    const lab = hit(dropped(lostAt(healthy(), 3), 'NOT_SPECIFIED', 'nf_queue'), { text: TEXT }, 'queue');
    expect(queueWithoutReader.examine(lab)).toMatchObject({
      sure: 'proved',
      what: expect.stringContaining('queue 9'),
    });
  });

  it('finds the rule by the drop alone', () => {
    const lab = dropped(lostAt(healthy(), 3), 'NOT_SPECIFIED', 'nf_queue');
    lab.firewall.host = [
      ...iptables('-A FORWARD -i br0 -p tcp --dport 81 -j NFQUEUE --queue-num 3'),
      nft('iifname "br0" queue to 9'),
    ];
    expect(queueWithoutReader.examine(lab)?.what).toContain('queue 9');
  });

  it('believes bypass, another port, and a drop elsewhere', () => {
    expect(
      queueWithoutReader.examine(hit(lostAt(healthy(), 3), { text: `${TEXT} --queue-bypass` }, 'queue')),
    ).toBeNull();
    const port = dropped(lostAt(asking('outside', 'tcp', 80), 3), 'NOT_SPECIFIED', 'nf_queue');
    port.firewall.host = iptables('-A FORWARD -i br0 -p tcp --dport 81 -j NFQUEUE --queue-num 9');
    expect(queueWithoutReader.examine(port)).toBeNull();
    expect(
      queueWithoutReader.examine(
        hit(dropped(lostAt(healthy(), 3), 'NETFILTER_DROP', 'nft_do_chain'), { text: TEXT }, 'queue'),
      ),
    ).toBeNull();
  });
});

describe('checksum-bad', () => {
  it('is told by the kernel alone', () => {
    const lab = dropped(silent(asking('outside', 'tcp', 80)), 'TCP_CSUM', 'tcp_v4_rcv', 'eth0');
    expect(checksumBad.examine(lab)?.sure).toBe('proved');
    expect(checksumBad.examine(dropped(silent(healthy()), 'NO_SOCKET', 'tcp_v4_rcv'))).toBeNull();
    expect(checksumBad.examine(blind(silent(healthy())))).toBeNull();
  });

  it('offers to remove the program that may change packets, then to compute checksums', () => {
    const lab = at(
      dropped(silent(asking('outside', 'tcp', 80)), 'TCP_CSUM', 'tcp_v4_rcv', 'eth0'),
      filter('host/vetha', 'egress', BPF),
    );
    if (lab.drops.known)
      Object.assign(lab.drops.value[0] as object, { hop: 'container/eth0', direction: 'reply' });
    expect(checksumBad.examine(lab)?.fixes?.map((fix) => fix.title)).toEqual([
      'Remove the egress filter of preference 49152 from vetha',
      'Let the kernel, not vetha, compute checksums',
    ]);
  });
});

describe('mtu-black-hole', () => {
  const vanished = (lab: Lab, about: object = {}): Lab => {
    lab.bigProbe = { size: 1500, answered: false, vanished: true, tooBig: null, ...about };
    return lab;
  };

  it('finds the narrow uplink and the rule that filters its error', () => {
    const lab = vanished(lostAt(healthy(), 3));
    linkOf(lab, 'host/up0').mtu = 1400;
    lab.firewall.host = iptables('-A OUTPUT -p icmp -m icmp --icmp-type 3/4 -j DROP').map((one) => ({
      ...one,
      text: '-A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP',
    }));
    const claim = mtuBlackHole.examine(lab);
    expect(claim?.what).toContain('up0 carries 1400');
    expect(claim?.fixes?.map((fix) => fix.apply[0])).toMatchObject([
      { run: { argv: ['iptables', '-t', 'filter', '-D', 'OUTPUT', '1'] } },
      {
        run: { argv: ['ip', 'link', 'set', 'dev', 'eth0', 'mtu', '1400'], in: { path: '/run/netns/lab-a' } },
      },
    ]);
  });

  it('widens a bridge port that is narrower than its neighbours', () => {
    const lab = vanished(lostAt(healthy('sibling'), 2));
    linkOf(lab, 'host/vethb').mtu = 1400;
    expect(mtuBlackHole.examine(lab)?.fixes?.[0]).toMatchObject({
      apply: [{ run: { argv: ['ip', 'link', 'set', 'dev', 'vethb', 'mtu', '1500'] } }],
      undo: [{ run: { argv: ['ip', 'link', 'set', 'dev', 'vethb', 'mtu', '1400'] } }],
    });
  });

  it('lowers the source to what was seen to pass when the narrow place lies beyond', () => {
    const claim = mtuBlackHole.examine(vanished(silent(healthy()), { passes: 1400 }));
    expect(claim?.what).toContain('behind up0');
    expect(JSON.stringify(claim?.fixes?.[0]?.apply)).toContain('"mtu","1400"');
  });

  it('says nothing where the error came, the big one was answered, or none was sent', () => {
    expect(
      mtuBlackHole.examine(vanished(silent(healthy()), { tooBig: { from: '10.88.0.1', mtu: 1400 } })),
    ).toBeNull();
    expect(mtuBlackHole.examine(vanished(healthy(), { vanished: false, answered: true }))).toBeNull();
    const narrow = silent(healthy());
    linkOf(narrow, 'host/up0').mtu = 1400;
    expect(mtuBlackHole.examine(narrow)).toBeNull();
  });
});
