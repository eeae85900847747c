/** Answers to the search for a neighbour that were lost on a bridge, compared with its rules as they were captured. */
import { describe, expect, it } from 'vitest';
import { sighting } from '../examples/sighting.ts';
import { commands, examine } from './examine.ts';
import { neighbour } from './lab-state.ts';
import { nft } from './rules-of.ts';
import { healthy, hit, type Lab, linkOf, lostAt } from './scene.ts';

const TO = '10.88.0.3';
const B = '02:42:0a:58:00:a3';
const FRAME = `02420a5800a202420a5800a308060001080006040002${'02420a5800a30a58000302420a5800a20a580002'}`;

/** B answers, and its port shows the answer; A's never does. */
function answered(frame: string | null = FRAME): Lab {
  const lab = healthy('sibling');
  const { container } = lab.stacks;
  container.neighbours = [neighbour(TO, 'eth0', null, 'INCOMPLETE') as never];
  lostAt(lab, 0);
  const talk = (hop: string, says: string) =>
    sighting(hop, 'neighbour', {
      probe: -1,
      says,
      ...(says.startsWith('who')
        ? { source: '10.88.0.2', destination: TO }
        : { source: TO, destination: '10.88.0.2' }),
      ...(frame === null ? {} : { frame }),
    }) as never;
  lab.sightings = [
    ...['container/eth0', 'host/vetha', 'host/vethb', 'other/eth0'].map((hop) =>
      talk(hop, `who has ${TO}? tell 10.88.0.2`),
    ),
    ...['other/eth0', 'host/vethb'].map((hop) => talk(hop, `${TO} is at ${B}`)),
  ];
  return lab;
}

const RULES = [
  ['in.db', 'input', `iifname "vethb" ether saddr != 02:42:0a:58:00:b3 drop`],
  ['fwd.web', 'forward', `iifname "vetha" ether saddr != 02:42:0a:58:00:a2 drop`],
  ['fwd.db', 'forward', `iifname "vethb" ether saddr != ${B} drop`],
  ['fwd.db', 'forward', `iifname "vethb" icmpv6 type nd-neighbor-advert @nh,528,48 != 0x1 drop`],
] as const;
const WRONG = ['fwd.db', 'forward', `iifname "vethb" arp saddr ip != 10.88.0.7 drop`] as const;

function guarded(lab: Lab, ...rules: readonly (readonly [string, string, string])[]): Lab {
  lab.firewall.host = rules.map(([chain, hook, text], index) =>
    nft(text, { family: 'bridge', table: 'lxd', chain, hook, number: index + 1, handle: index + 7 }),
  ) as never;
  return lab;
}

const claimOf = (lab: Lab) => examine('bridge-firewall-drop', lab);

describe('a lost answer to ARP', () => {
  it('names the first rule that takes it, and the two ports', () => {
    const claim = claimOf(guarded(answered(), ...RULES, WRONG, ['fwd.db', 'forward', 'ether type arp drop']));
    expect(claim?.rule?.text).toBe(WRONG[2]);
    expect([claim?.place?.after?.id, claim?.place?.before?.id]).toEqual(['host/vethb', 'host/vetha']);
    expect(claim?.why).toMatch(/was seen at vethb and not at vetha/);
    expect(commands(claim).apply).toEqual(['nft delete rule bridge lxd fwd.db handle 11']);
  });

  it('is nothing of rules that all let it pass, nor of one behind an accept', () => {
    expect(claimOf(guarded(answered(), ...RULES))).toBeNull();
    expect(claimOf(guarded(answered(), ['fwd.db', 'forward', 'ether type arp accept'], WRONG))).toBeNull();
  });

  it('is not compared where no frame was kept, or the other port was not watched', () => {
    expect(claimOf(guarded(answered(null), WRONG))).toBeNull();
    const unwatched = guarded(answered(), WRONG);
    unwatched.captured.delete('host/vetha');
    expect(claimOf(unwatched)).toBeNull();
  });

  it('is not what somebody else was told, which goes another way', () => {
    const lab = guarded(answered(), WRONG);
    for (const one of lab.sightings) if (one.source === TO) one.destination = '10.88.0.1';
    expect(claimOf(lab)).toBeNull();
  });

  it('names a rule that cannot be read whole only where it is the only one, and all of them elsewhere', () => {
    const sets = ['a', 'b'].map((set) => ['c', 'forward', `ether saddr @${set} drop`] as const);
    expect(claimOf(guarded(answered(), ...RULES, sets[0]!))?.rule?.text).toBe(sets[0]![2]);
    const both = claimOf(guarded(answered(), ...RULES, ...sets));
    expect(both).toMatchObject({ sure: 'supported' });
    expect(both?.rule).toBeUndefined();
    expect(both?.what).toMatch(/one of 2: ether saddr @a drop and ether saddr @b drop/);
    expect(both?.fixes).toBeUndefined();
  });

  it('is not that of a rule that counts, and has counted nothing', () => {
    const counted = ['a counter packets 0 bytes 0', 'b counter packets 1 bytes 28'].map(
      (set) => ['c', 'forward', `ether saddr @${set} drop`] as const,
    );
    expect(claimOf(guarded(answered(), ...counted))?.rule?.text).toContain('@b');
  });

  it('is left to isolated ports where no rule surely takes it', () => {
    const set = ['c', 'forward', 'ether saddr @a drop'] as const;
    const apart = (...rules: readonly (readonly [string, string, string])[]) => {
      const lab = guarded(answered(), ...rules);
      for (const id of ['host/vetha', 'host/vethb'])
        for (const link of [linkOf(lab, id), lab.path.hops.find((hop) => hop.id === id)!.link])
          Object.assign(link.port!, { isolated: true });
      return claimOf(lab);
    };
    expect(apart(set)).toBeNull();
    expect(apart(WRONG)?.rule?.text).toBe(WRONG[2]);
  });

  it('may be one of an accept that cannot be read, and the policy behind it', () => {
    const lab = guarded(answered(), ['c', 'forward', 'ether saddr @known accept']);
    lab.firewall.host.push(
      nft('policy drop', {
        family: 'bridge',
        table: 'lxd',
        hook: 'forward',
        number: null,
        verdict: 'drop',
      }) as never,
    );
    expect(claimOf(lab)?.rule).toMatchObject({ number: null });
  });

  it('is nothing where a rule of IP was traced', () => {
    expect(claimOf(hit(guarded(answered(), WRONG), {}))).toBeNull();
  });
});
