import { describe, expect, it, test } from 'vitest';
import { causes } from '../../src/causes.ts';
import type { Answers } from '../../src/discover/facts.ts';
import { judge, judgeAsking, warnings } from '../../src/engine/judge.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Facts, Need } from '../../src/model/facts.ts';
import type { Scene } from '../../src/model/scene.ts';
import { asking } from '../causes/asking.ts';
import { MAC } from '../causes/lab-state.ts';
import { dropped, healthy, hit, type Lab, lostAt, silent } from '../causes/scene.ts';

const allNeeds = (): Need[] => [...new Set(causes.flatMap((cause) => [...cause.needs]))];

/** Every fact of the made-up host, known. */
const factsOf = (lab: Lab): Answers =>
  Object.fromEntries(allNeeds().map((need) => [need, known((lab as unknown as Facts)[need], [])])) as Answers;
const asScene = (lab: Lab): Scene => lab as unknown as Scene;

function forwardingOff(): Lab {
  const lab = lostAt(healthy('outside'), 3);
  lab.sysctls.host['net.ipv4.ip_forward'] = '0';
  return lab;
}

test('the cause that the evidence supports is named', () => {
  const lab = forwardingOff();
  expect(judge(asScene(lab), factsOf(lab)).claims[0]?.cause.id).toBe('ip-forward-off');
});

test('what the kernel saw proves it', () => {
  const lab = dropped(forwardingOff(), 'IP_INADDRERRORS', 'ip_error');
  expect(judge(asScene(lab), factsOf(lab)).claims[0]).toMatchObject({
    cause: { id: 'ip-forward-off' },
    claim: { sure: 'proved' },
  });
});

test('a fact that could not be gathered makes its causes unknown, together and by name', () => {
  const lab = forwardingOff();
  const facts: Answers = { ...factsOf(lab), sysctls: notKnown('no-permission', 'EACCES', []) };
  const { claims, unknown } = judge(asScene(lab), facts);
  expect(claims.map((one) => one.cause.id)).not.toContain('ip-forward-off');
  const told = unknown.find((one) => one.what.includes('ip-forward-off'));
  expect(told).toMatchObject({ because: 'EACCES' });
  expect(told?.what).toMatch(/^sysctls, and so whether it is /);
});

test('what would give way to a cause that what was seen leaves open is not named while that one is unknown', () => {
  const lab = silent(healthy('outside'));
  for (const one of lab.sightings) if (one.hop === 'host/up0') one.source = '10.88.0.2';
  const named = (facts: Answers): string[] => judge(asScene(lab), facts).claims.map(({ cause }) => cause.id);
  expect(named(factsOf(lab))[0]).toBe('masquerade-missing');
  const blind: Answers = { ...factsOf(lab), firewall: notKnown('timeout', 'nft did not answer', []) };
  expect(named(blind)).not.toContain('no-reply-from-destination');
  for (const one of lab.sightings) if (one.hop === 'host/up0') one.source = '192.0.2.1';
  expect(named(blind)).toContain('no-reply-from-destination');
});

test('a cause that crashes is unknown, and stops no other', () => {
  const lab = forwardingOff();
  // Sysctls that throw at the touch: whoever reads them crashes.
  const facts: Answers = {
    ...factsOf(lab),
    sysctls: known(
      new Proxy({} as Facts['sysctls'], {
        get: () => {
          throw new Error('boom');
        },
      }),
      [],
    ),
  };
  const { unknown } = judge(asScene(lab), facts);
  expect(unknown.some((one) => one.because.includes('boom'))).toBe(true);
});

test('a cause sees only the facts that it declares', () => {
  for (const cause of causes) {
    const lab = forwardingOff();
    const view: Record<string, unknown> = { ...lab };
    const needs = new Set<string>(cause.needs);
    for (const need of allNeeds())
      if (!needs.has(need))
        Object.defineProperty(view, need, {
          get: () => {
            throw new Error(`${cause.id} reads ${need}`);
          },
        });
    expect(() => cause.examine(view as unknown as Scene & Pick<Facts, Need>)).not.toThrow();
  }
});

/** A connection through this host that somebody refuses. */
function refused(): Lab {
  const lab = lostAt(healthy('outside'), 4);
  lab.flow = { ...lab.flow, proto: 'tcp', port: 80 };
  lab.symptom = { kind: 'refused', errno: 'ECONNREFUSED', from: lab.flow.address, says: null, bornAt: null };
  return lab;
}
const ids = (lab: Lab): string[] => judge(asScene(lab), factsOf(lab)).claims.map((one) => one.cause.id);

test('what was seen outranks what was inferred: a cause that does not explain the drop is not named', () => {
  expect(ids(refused())).toContain('connection-refused');
  expect(ids(dropped(refused(), 'NO_SOCKET', 'tcp_v4_rcv'))).toContain('connection-refused');
  expect(ids(dropped(refused(), 'IP_LOCAL_SOURCE', 'ip_rcv_finish_core'))).not.toContain(
    'connection-refused',
  );
});

test('a rule that was seen to end it contradicts what leads to no rule, however little is told of the drop', () => {
  const asked = (): Lab => {
    const lab = lostAt(healthy('outside'), 3);
    lab.flow.address = '192.0.2.77';
    lab.path.realDestination = '192.0.2.77';
    lab.path.hostRoute = { ...lab.path.hostRoute!, type: 'local' };
    const up0 = lab.path.hops.at(-1)!.link;
    const own = { ...up0.addresses[0]!, address: '192.0.2.77', prefix: 32 };
    const links = lab.stacks.host.links.map((one) =>
      one.name === 'up0' ? { ...one, addresses: [...one.addresses, own] } : one,
    );
    lab.stacks.host.links = links as never;
    return lab;
  };
  const local = 'destination-is-local';
  expect(ids(asked())).toContain(local);
  const rule = {
    text: '-A PREROUTING -j DROP',
    table: 'raw',
    chain: 'PREROUTING',
    hook: 'prerouting',
  } as const;
  const dark = (lab: Lab): Lab => Object.assign(lab, { drops: notKnown('unsupported', 'no trace', []) });
  expect(ids(dark(asked()))).toContain(local);
  expect(ids(hit(dark(asked()), rule))).not.toContain(local);
  const half = dropped(asked(), 'NETFILTER_DROP', '00000000f49a23da');
  expect(ids(hit(half, rule))).not.toContain(local);
});

test('a drop of which too little was told contradicts nothing', () => {
  expect(ids(dropped(refused(), 'NOT_SPECIFIED', 'unknown'))).toContain('connection-refused');
});

test("what this host's own answered probe refutes is not proved", () => {
  const lab = refused();
  lab.control = {
    asked: true,
    answered: true,
    outcomes: [{ probe: 0, result: 'answered', microseconds: 90, errno: null, says: null }],
    says: 'the host itself reaches it',
  };
  const claim = judge(asScene(lab), factsOf(lab)).claims[0]?.claim;
  expect(claim?.sure).toBe('supported');
  expect(claim?.what).toBe('198.51.100.1 refuses port 80 to the container, and not to this host');
});

describe('what will bite beside probes that were answered', () => {
  const twin = { port: 'vethb', name: 'eth0', mac: MAC.a, addresses: ['10.88.0.3/24'], namespace: 'nsid 2' };
  const warned = (members: unknown[]): string[] => {
    const lab = healthy();
    lab.members = members as never;
    return warnings(lab as never, { members: known(lab.members, []) } as never).map(
      ({ cause, claim }) => `${cause.id}: ${claim.what}`,
    );
  };

  it('is told of two ports with one MAC address', () => {
    expect(warned([twin])).toEqual([
      expect.stringMatching(/^mac-conflict: eth0 of .*have the same MAC address/),
    ]);
  });

  it('is nothing for a bridge that has its port’s address, for others, and where nobody could look', () => {
    expect(warned([{ ...twin, port: null, name: 'br0' }])).toEqual([]);
    expect(warned([{ ...twin, mac: MAC.b }])).toEqual([]);
    expect(warnings(healthy() as never, {})).toEqual([]);
  });
});

test('a rule that was seen to end the packets is not outranked by an address that may be wrong as well', () => {
  const lab = dropped(lostAt(healthy('sibling'), 4), 'NETFILTER_DROP', 'nft_do_chain');
  lab.members = [
    {
      port: 'vethd',
      name: 'eth0',
      mac: '02:42:00:00:00:d4',
      addresses: ['10.88.0.3/24'],
      namespace: 'nsid 9',
    },
  ];
  const ids = (one: Lab) => judge(asScene(one), factsOf(one)).claims.map(({ cause }) => cause.id);
  expect(ids(lab)).not.toContain('address-conflict');
  lab.drops = known([], []) as never;
  expect(ids(lab)).toContain('address-conflict');
});

describe('facts that are asked for when a cause reaches for them', () => {
  const asking = async (lab: Lab, facts: Answers = factsOf(lab)) => {
    const asked: Need[] = [];
    const judgement = await judgeAsking(asScene(lab), {}, async (need) => {
      asked.push(need);
      return facts[need]!;
    });
    return { asked, judgement };
  };

  it('come to the same as all of them together', async () => {
    for (const lab of [forwardingOff(), dropped(forwardingOff(), 'IP_INADDRERRORS', 'ip_error'), refused()]) {
      const { claims } = judge(asScene(lab), factsOf(lab));
      expect((await asking(lab)).judgement.claims).toEqual(claims);
    }
  });

  it('are each asked for once, and those that what was seen has made moot never', async () => {
    const { asked } = await asking(dropped(forwardingOff(), 'IP_INADDRERRORS', 'ip_error'));
    expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
    expect(asked).toContain('sysctls');
    for (const moot of ['firewall', 'xfrm', 'fdb', 'listeners', 'cgroup']) expect(asked).not.toContain(moot);
  });

  it('are not all rules where one was seen to end the packets', async () => {
    const lab = dropped(lostAt(healthy('outside'), 3), 'NETFILTER_DROP', 'nft_do_chain');
    const { asked, judgement } = await asking(hit(lab, { text: '-A FORWARD -d 198.51.100.1/32 -j DROP' }));
    expect(judgement.claims[0]?.cause.id).toBe('firewall-rule-drop');
    expect(asked).toContain('endingChain');
    expect(asked).not.toContain('firewall');
  });

  it('are asked for side by side: nobody waits for what another cause reaches for', async () => {
    const begun: Need[] = [];
    let begin = (): void => {};
    const all = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const lab = forwardingOff();
    await judgeAsking(asScene(lab), {}, async (need) => {
      begun.push(need);
      if (begun.includes('sysctls') && begun.includes('conntrack')) begin();
      await all;
      return factsOf(lab)[need]!;
    });
    expect(begun).toEqual(expect.arrayContaining(['sysctls', 'conntrack']));
  });

  it('leave nothing open where no cause reached for them', async () => {
    const lab = dropped(forwardingOff(), 'IP_INADDRERRORS', 'ip_error');
    const gone = notKnown('no-such-tool', 'it is not installed', []);
    const { judgement } = await asking(lab, { ...factsOf(lab), firewall: gone, xfrm: gone });
    expect(judgement.claims[0]?.cause.id).toBe('ip-forward-off');
    expect(judgement.unknown).toEqual([]);
  });
});

describe('the same silence, said of a resolver', () => {
  const asked = (): Lab => silent(asking('outside', 'dns', 53));
  const named = (lab: Lab): string[] => judge(asScene(lab), factsOf(lab)).claims.map(({ cause }) => cause.id);

  it('gives way to whatever is more specific than silence', () => {
    const lab = asked();
    for (const one of lab.sightings) if (one.hop === 'host/up0') one.source = '10.88.0.2';
    expect(named(lab)[0]).toBe('masquerade-missing');
    expect(named(lab)).not.toContain('dns-resolver-silent');
  });

  it('is named where nothing is, and not beside its general form', () => {
    expect(named(asked())).toEqual(['dns-resolver-silent']);
  });
});
