import { expect, test } from 'vitest';
import { nftElements } from '../../../src/discover/rules/set-look-up.ts';
import { healthy, hit, lostAt } from '../../causes/scene.ts';
import { value } from './gathered.ts';

const CHAIN = `table inet egress { # handle 5
	chain forward { # handle 1
		type filter hook forward priority -10; policy accept;
		ct state established,related accept # handle 3
		iifname "br0" ip daddr @site_fqdn accept # handle 4
		iifname "br0" oifname "up0" drop # handle 5
	}
}
`;
const SET = `table inet egress {
	set site_fqdn {
		type ipv4_addr
		size 10
		flags timeout
	}
}
`;
const LISTED = SET.replace(
  '\t}\n}',
  '\t\telements = { 198.51.100.9 timeout 1h expires 59m58s, 203.0.113.0/24 }\n\t}\n}',
);
const LISTING = 'nft -a list chain inet egress forward';
const TERSE = 'nft -t list set inet egress site_fqdn';
const GET = 'nft get element inet egress site_fqdn { 198.51.100.1 }';
const WHOLE = 'nft list set inet egress site_fqdn';

function dropped() {
  const lab = hit(lostAt(healthy(), 3), {
    engine: 'nft',
    family: 'inet',
    table: 'egress',
    chain: 'forward',
    hook: 'forward',
    number: 3,
    handle: 5,
    text: 'iifname "br0" oifname "up0" drop',
    verdict: 'drop',
  });
  const packet = {
    source: '10.88.0.2',
    destination: '198.51.100.1',
    sourcePort: 40000,
    destinationPort: 80,
    ingress: null,
    egress: null,
  };
  Object.assign(lab.ruleHits[0]!, { packet });
  return lab;
}

test('asks the set of a rule before the end for the address, and what else it holds', async () => {
  const lacks = { code: 1, stdout: '', stderr: 'Error: Could not process rule: No such file or directory' };
  const run = { [LISTING]: CHAIN, [TERSE]: SET, [GET]: lacks, [WHOLE]: LISTED };
  const { rules, lookUps } = await value('endingChain', dropped(), { run });
  expect(rules.map(({ number }) => number)).toEqual([null, 1, 2, 3]);
  expect(lookUps).toEqual([
    {
      engine: 'nft',
      kind: 'set',
      name: 'site_fqdn',
      type: 'ipv4_addr',
      header: ['size 10', 'flags timeout'],
      key: '198.51.100.1',
      holds: false,
      elements: ['198.51.100.9', '203.0.113.0/24'],
    },
  ]);
});

test('a set that holds the address is not listed', async () => {
  const run = { [LISTING]: CHAIN, [TERSE]: SET, [GET]: SET };
  expect((await value('endingChain', dropped(), { run })).lookUps).toMatchObject([
    { holds: true, elements: null },
  ]);
});

test('says nothing of a set that cannot be asked, and nothing where no rule ended the packet', async () => {
  const refused = { code: 1, stdout: '', stderr: 'Error: syntax error' };
  const run = { [LISTING]: CHAIN, [TERSE]: SET, [GET]: refused };
  expect((await value('endingChain', dropped(), { run })).lookUps).toEqual([]);
  expect(await value('endingChain', healthy(), {})).toEqual({ rules: [], lookUps: [] });
});

test('elements of a map keep what becomes of them', () => {
  const map =
    'elements = { 198.51.100.0/29 . 80 timeout 1h expires 5m : accept,\n\t\t\t     "br0" : jump c }';
  expect(nftElements(map)).toEqual(['198.51.100.0/29 . 80 : accept', '"br0" : jump c']);
});
