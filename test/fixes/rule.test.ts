import { describe, expect, it } from 'vitest';
import { deletion } from '../../src/fixes/rule.ts';
import type { Rule } from '../../src/model/evidence.ts';

const rule = (text: string): Rule => ({
  engine: 'nft',
  family: 'ip',
  table: 'filter',
  chain: 'OUTPUT',
  hook: 'output',
  number: 1,
  handle: 2,
  text,
  verdict: 'drop',
  owner: null,
});

describe('a rule of nft', () => {
  it('is taken out by its handle', () => {
    const [fix] = deletion(rule('ip daddr 198.51.100.1 counter drop comment "two  blanks"'), null);
    expect(JSON.stringify(fix?.apply)).toContain('"delete","rule","ip","filter","OUTPUT","handle","2"');
  });

  it('stays where nft shows it without a match that iptables wrote: it could not be put back as it was', () => {
    // iptables -A OUTPUT -d 198.51.100.1 -m comment --comment $'a\n-A OUTPUT -j ACCEPT' -j DROP, by nft 1.0.6
    expect(deletion(rule('ip daddr 198.51.100.1  counter packets 0 bytes 0 drop'), null)).toEqual([]);
  });
});
