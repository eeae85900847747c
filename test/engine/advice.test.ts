import { describe, expect, it } from 'vitest';
import { owners } from '../../src/discover/owners.ts';
import { advised } from '../../src/engine/advice.ts';
import type { Claim } from '../../src/model/cause.ts';
import type { Rule } from '../../src/model/evidence.ts';
import type { RuleHit } from '../../src/model/facts.ts';
import { asking } from '../causes/asking.ts';
import { firewallRule, healthy, hit, type Lab } from '../causes/scene.ts';

const claim = (rule: Rule): Claim => ({
  sure: 'proved',
  what: 'w',
  why: 'Why.',
  do: 'Do.',
  owner: rule.owner,
  rule,
});
const met = (lab: Lab): RuleHit => lab.ruleHits.at(-1) as RuleHit;

/** What is said about a rule that ended the probe. */
function told(about: Partial<Rule>, packet?: RuleHit['packet']): Claim {
  const lab = hit(asking('outside', 'tcp', 8080), { number: 1, ...about });
  const index = (name: string) => lab.stacks.host.links.find((link) => link.name === name)?.ifindex ?? null;
  const one = {
    ...met(lab),
    mark: 0,
    ...(packet ? { packet: { ...packet, ingress: index('br0'), egress: index('up0') } } : {}),
  };
  return advised(claim(one.rule), lab, [one]);
}

const packet = {
  source: '192.0.2.2',
  destination: '10.88.0.2',
  sourcePort: 40000,
  destinationPort: 80,
  ingress: null,
  egress: null,
};

describe("the owner's words", () => {
  it.each<[string, Partial<Rule>, RegExp]>([
    [
      'tailscale, its range',
      { chain: 'ts-input', text: '-A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP' },
      /range outside it.*--netfilter-mode=nodivert/,
    ],
    [
      'tailscale, stateful',
      {
        chain: 'ts-forward',
        text: '-A ts-forward -o tailscale0 -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP',
      },
      /--stateful-filtering=false/,
    ],
    [
      'kubelet',
      { chain: 'KUBE-FIREWALL', text: '-A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP' },
      /iptables-drop-bit.*masqueradeBit.*writes its rules again/,
    ],
    ['docker', { chain: 'DOCKER', text: '-A DOCKER ! -i br0 -o br0 -j DROP' }, /gateway_mode_ipv4/],
    [
      'firewalld',
      {
        engine: 'nft',
        family: 'inet',
        table: 'firewalld',
        chain: 'filter_FORWARD_dnat',
        text: 'reject with icmpx admin-prohibited',
      },
      /StrictForwardPorts/,
    ],
    [
      'ufw',
      { chain: 'ufw-user-forward', text: '-A ufw-user-forward -j DROP' },
      /ufw route allow in on br0 out on up0 to 10\.88\.0\.2 port 80/,
    ],
    [
      'fail2ban',
      { chain: 'f2b-sshd', text: '-A f2b-sshd -s 192.0.2.2 -j REJECT' },
      /fail2ban-client set sshd unbanip/,
    ],
  ])('%s', (_, rule, says) => {
    const lab = { ...rule, hook: 'forward' };
    const one = told(lab, packet);
    expect(one.do).toMatch(/^Do\. /);
    expect(one.do).toMatch(says);
  });

  it('are none for a rule that somebody wrote by hand', () => {
    expect(told({ chain: 'DOCKER-USER', text: '-A DOCKER-USER -j DROP' }).do).toBe('Do.');
  });

  it('name the place where it is kept when the owner has no switch for it', () => {
    expect(told({ chain: 'CILIUM_FORWARD', text: '-A CILIUM_FORWARD -j DROP' }).do).toContain(
      'It is kept in Cilium',
    );
  });

  it('are sentences, for every owner, and say when it writes again', () => {
    for (const owner of owners) {
      const rule = firewallRule({ chain: 'X', text: '-A X -j DROP' });
      const said = owner.advice?.(rule, {
        proto: 'tcp',
        port: 8080,
        realPort: 80,
        destination: '10.88.0.2',
        ingress: 'up0',
        egress: 'br0',
        bridge: 'br0',
      });
      if (said) expect(said, owner.name).toMatch(/^[A-Z`"].*\.$/s);
      if (owner.rewrites) expect(owner.rewrites, owner.name).toMatch(/^(with|when|at|every) .*[^.]$/);
    }
  });
});

it('tells which mark the packet had, who set it, and whose bits they are', () => {
  const lab = hit(
    hit(
      healthy('outside'),
      {
        number: 1,
        table: 'mangle',
        chain: 'PREROUTING',
        text: '-A PREROUTING -i br0 -j MARK --set-xmark 0xca6c/0xffffffff',
      },
      'continue',
    ),
    { number: 1, chain: 'KUBE-FIREWALL', text: '-A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP' },
  );
  const hits = lab.ruleHits.map((one) => ({ ...one, mark: 0xca6c }));
  const one = advised(claim(hits[1]!.rule), lab, hits);
  expect(one.why).toMatch(
    /asks for 0x8000 in the mark; the packets carried the mark 0xca6c, wg-quick's FwMark \(51820\)/,
  );
  expect(one.why).toContain('rule 1 of chain PREROUTING of table ip mangle set it');
  expect(one.do).toContain('use a mark without 0x8000');
});

describe('limits', () => {
  it.each<[string, Partial<Rule>, RegExp]>([
    [
      'a rate of iptables',
      {
        text: '-A FORWARD -p tcp -m hashlimit --hashlimit-above 6/min --hashlimit-burst 3 --hashlimit-name out -j DROP',
      },
      /rate limit: it ends what is more than 6\/min,.*Raise the limit/s,
    ],
    [
      'open connections',
      { text: '-A FORWARD -p tcp -m connlimit --connlimit-above 4 --connlimit-mask 32 -j REJECT' },
      /more than 4 open connections at once.*why so many/s,
    ],
    [
      'a rate of nft',
      { engine: 'nft', text: 'limit rate over 10/second burst 5 packets drop' },
      /more than 10\/second/,
    ],
    ['connections of nft', { engine: 'nft', text: 'ct count over 20 drop' }, /more than 20 open connections/],
  ])('%s are told as that', (_, rule, words) => {
    const { why, do: advice } = told({ owner: null, ...rule });
    expect(`${why} ${advice}`).toMatch(words);
  });

  it('that led into the chain whose rule ended it are told too', () => {
    const lab = asking('outside', 'tcp', 22);
    hit(
      lab,
      {
        chain: 'ufw-user-input',
        text: '-A ufw-user-input -p tcp --dport 22 -m recent --update --seconds 30 --hitcount 6 -j ufw-user-limit',
      },
      'jump ufw-user-limit',
    );
    hit(
      lab,
      { chain: 'ufw-user-limit', text: '-A ufw-user-limit -j REJECT --reject-with icmp-port-unreachable' },
      'reject',
    );
    const hits = lab.ruleHits.slice(-2) as RuleHit[];
    expect(advised(claim(hits[1]!.rule), lab, hits).why).toContain('6 or more in 30 s');
  });

  it('are no other rules', () => {
    for (const text of [
      '-A FORWARD -j DROP',
      '-A FORWARD -m limit --limit 5/min -j LOG',
      '-A FORWARD -m connlimit ! --connlimit-above 4 -j DROP',
    ])
      expect(told({ text }).why).toBe('Why.');
  });
});
