import { describe, expect, it } from 'vitest';
import { markAsked, markStory, setsMark } from '../../src/kernel/marks.ts';
import type { Rule } from '../../src/model/evidence.ts';
import type { RuleHit } from '../../src/model/facts.ts';
import { firewallRule } from '../causes/scene.ts';

const iptables = (text: string): Rule => firewallRule({ engine: 'iptables-nft', text });
const nft = (text: string): Rule => firewallRule({ engine: 'nft', text });

describe('what a rule asks of the mark', () => {
  it.each<[Rule, { value: number; mask: number } | null]>([
    [iptables('-A X -m mark --mark 0x8000/0x8000 -j DROP'), { value: 0x8000, mask: 0x8000 }],
    [iptables('-A X -m mark --mark 51820 -j ACCEPT'), { value: 51820, mask: 0xffffffff }],
    [iptables('-A X -m mark --mark 0x40000/0xff0000 -j ACCEPT'), { value: 0x40000, mask: 0xff0000 }],
    [iptables('-A X -m mark ! --mark 0x1 -j DROP'), null],
    [iptables('-A X -m connmark --mark 0x1 -j DROP'), null],
    [iptables('-A X -m comment --comment "says --mark 0x1" -j DROP'), null],
    [iptables('-A X -j DROP'), null],
    [nft('meta mark 0x0000ca6c drop'), { value: 0xca6c, mask: 0xffffffff }],
    [nft('meta mark & 0x00008000 == 0x00008000 drop'), { value: 0x8000, mask: 0x8000 }],
    [nft('meta mark and 0xff0000 == 0x40000 accept'), { value: 0x40000, mask: 0xff0000 }],
    [nft('meta mark set 0x1'), null],
  ])('%o', (rule, bits) => {
    expect(markAsked(rule)).toEqual(bits);
  });
});

it.each([
  ['-A X -j MARK --set-xmark 0x1/0xffffffff', true],
  ['-A X -j CONNMARK --restore-mark', true],
  ['-A X -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff', true],
  ['-A X -j CONNMARK --save-mark', false],
  ['-A X -j CONNMARK --set-xmark 0x1/0xffffffff', false],
  ['-A X -p tcp -j TPROXY --on-port 1 --tproxy-mark 0x1/0x1', true],
  ['-A X -m mark --mark 0x1 -j ACCEPT', false],
])('%s writes it: %s', (text, writes) => {
  expect(setsMark(iptables(text))).toBe(writes);
});

it.each([
  ['meta mark set 0x00000001', true],
  ['meta mark set ct mark', true],
  ['ct mark set 0x00000001', false],
  ['ct mark set meta mark', false],
])('%s writes it: %s', (text, writes) => {
  expect(setsMark(nft(text))).toBe(writes);
});

describe('the story of a mark', () => {
  const hit = (text: string, mark: number, about: Partial<RuleHit> = {}): RuleHit => ({
    side: 'host',
    rule: iptables(text),
    verdict: 'continue',
    direction: 'request',
    probe: 0,
    at: 0,
    by: 'trace',
    mark,
    ...about,
  });
  const set = hit('-A PREROUTING -j MARK --set-xmark 0xca6c/0xffffffff', 0xca6c);
  const asks = hit('-A X -m mark --mark 0x8000/0x8000 -j DROP', 0xca6c);

  it('names the last rule that wrote it, for this packet', () => {
    const early = hit('-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff', 1);
    const other = { ...set, probe: 1 };
    expect(markStory([early, set, other, asks], asks)).toEqual({
      value: 0x8000,
      mask: 0x8000,
      mark: 0xca6c,
      by: set,
    });
  });

  it('is not told of a rule behind it that gives the connection another', () => {
    const connection = hit('-A PREROUTING -j CONNMARK --set-xmark 0x20/0xffffffff', 0xca6c);
    expect(markStory([set, connection, asks], asks)?.by).toBe(set);
  });

  it('came with the packet where no rule was seen to write it', () => {
    expect(markStory([hit('-A RAW -j ACCEPT', 0xca6c), asks], asks)?.by).toBeNull();
    // What wrote another mark did not give it this one.
    expect(markStory([{ ...set, mark: 7 }, asks], asks)?.by).toBeNull();
  });

  it('is none where the rule asks for none, the packet has none, or only counters tell', () => {
    const plain = hit('-A X -j DROP', 0xca6c);
    const { mark: _, ...counted } = asks;
    expect(markStory([set, plain], plain)).toBeNull();
    expect(markStory([{ ...asks, mark: 0 }], { ...asks, mark: 0 })).toBeNull();
    expect(markStory([set, counted], counted)).toBeNull();
  });
});
