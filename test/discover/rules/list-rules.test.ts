import { expect, test } from 'vitest';
import { listRules } from '../../../src/discover/rules/list-rules.ts';
import { parseNft } from '../../../src/discover/rules/nft-text.ts';
import { fakeMachine, recording, type Script } from '../fake-machine.ts';

const tableOf = (family: string, name: string): string => {
  const whole = recording('rules/nft-ruleset.txt');
  const from = whole.indexOf(`table ${family} ${name} {`);
  return whole.slice(from, whole.indexOf('\n}\n', from) + 3);
};

const HOST: Script['run'] = {
  'nft -a list chains': recording('rules/nft-chains.txt'),
  'iptables-nft-save -c': recording('rules/iptables-save.txt'),
  'ip6tables-nft-save -c': recording('rules/ip6tables-save.txt'),
  'ebtables-nft-save -c': recording('rules/ebtables-save.txt'),
  'arptables-nft-save -c': recording('rules/arptables-save.txt'),
  'nft -a -t list table inet guard': tableOf('inet', 'guard'),
  'nft -a -t list table netdev nd': tableOf('netdev', 'nd'),
  'nft -a -t list table bridge mine': tableOf('bridge', 'mine'),
  'nft -a -t list table ip native': tableOf('ip', 'native'),
};

async function list(script: Script) {
  const machine = fakeMachine(script);
  const answer = await listRules(machine, null);
  return { machine, answer, rules: answer.known ? answer.value.map(({ rule }) => rule) : [] };
}

test('each table is listed once, by the tool it was written with', async () => {
  const { rules } = await list({ run: HOST });
  const tables = new Map(rules.map((rule) => [`${rule.family} ${rule.table}`, rule.engine]));
  expect(Object.fromEntries(tables)).toEqual({
    'ip filter': 'iptables-nft',
    'ip nat': 'iptables-nft',
    'ip raw': 'iptables-nft',
    'ip6 filter': 'iptables-nft',
    'bridge filter': 'ebtables',
    'arp filter': 'arptables',
    'inet guard': 'nft',
    'netdev nd': 'nft',
    'bridge mine': 'nft',
    'ip native': 'nft',
  });
});

test('a chain that iptables names and the kernel does not have brings no policy', async () => {
  const { rules } = await list({ run: HOST });
  const policies = rules.filter((rule) => rule.engine === 'iptables-nft' && rule.number === null);
  expect(policies.map((rule) => `${rule.family} ${rule.table} ${rule.chain}`)).toEqual([
    'ip filter FORWARD',
    'ip nat PREROUTING',
    'ip nat POSTROUTING',
    'ip raw PREROUTING',
    'ip6 filter FORWARD',
  ]);
});

test('an empty ruleset costs one question', async () => {
  const { machine, answer } = await list({ run: { 'nft -a list chains': '' } });
  expect(answer).toMatchObject({ known: true, value: [] });
  expect(machine.asked.filter((line) => !line.startsWith('read'))).toEqual(['nft -a list chains']);
});

test("a table of iptables' name that nft wrote is listed by nft, chain by chain", async () => {
  const { rules } = await list({
    run: {
      'nft -a list chains': recording('rules/mixed-chains.txt'),
      'iptables-nft-save -c': recording('rules/mixed-save.txt'),
      'nft -a -t list table ip filter': recording('rules/mixed-nft-filter.txt'),
      'nft -a -t list table ip nat': recording('rules/mixed-nft-nat.txt'),
    },
  });
  expect(rules.map((rule) => `${rule.engine} ${rule.chain} ${rule.text}`)).toEqual([
    'iptables-nft FORWARD -P FORWARD ACCEPT',
    'iptables-nft FORWARD -A FORWARD -s 10.1.1.1/32 -j DROP',
    'nft input type filter hook input priority filter; policy drop;',
    'nft input ip saddr 1.2.3.4 drop',
    'nft input ct state invalid drop',
    'nft input tcp dport { 22, 23 } accept',
    'nft postrouting type nat hook postrouting priority srcnat; policy accept;',
    'nft postrouting oifname "eth0" masquerade',
  ]);
});

test('without iptables its tables are shown in the words of nft', async () => {
  const { rules } = await list({
    run: {
      'nft -a list chains': recording('rules/nft-chain-forward.txt'),
      'nft -a -t list table ip filter': recording('rules/nft-chain-forward.txt'),
    },
  });
  expect(rules.map((rule) => rule.engine)).toEqual(['nft', 'nft', 'nft', 'nft', 'nft']);
});

test('legacy tables are asked for only where the kernel names some', async () => {
  const none = await list({ run: { 'nft -a list chains': '' }, files: { '/proc/net/ip_tables_names': '' } });
  expect(none.machine.asked).not.toContain('iptables-legacy-save -c');
  const some = await list({
    run: {
      'nft -a list chains': '',
      'iptables-legacy-save -c': recording('rules/iptables-legacy-save.txt'),
    },
    files: { '/proc/net/ip_tables_names': 'filter\n' },
  });
  expect(some.rules.at(-1)).toMatchObject({
    engine: 'iptables-legacy',
    chain: 'FORWARD',
    number: 1,
    verdict: 'drop',
  });
});

test('legacy tables that no tool can list leave the firewall unknown', async () => {
  const { answer } = await list({
    run: { 'nft -a list chains': '' },
    files: { '/proc/net/ip_tables_names': 'filter\n' },
  });
  expect(answer).toMatchObject({ known: false, because: 'no-such-tool' });
});

test('a refusal of any table leaves the firewall unknown, with the reason', async () => {
  const { answer } = await list({
    run: {
      ...HOST,
      'nft -a -t list table inet guard': { code: 1, stderr: 'Error: Operation not permitted\n' },
    },
  });
  expect(answer).toMatchObject({ known: false, because: 'no-permission' });
  const denied = { code: 1, stderr: 'Operation not permitted (you must be root)\n' };
  expect((await list({ run: { 'nft -a list chains': denied } })).answer).toMatchObject({ known: false });
});

test("netdoctor's own tables are nobody's firewall", async () => {
  const { answer } = await list({
    run: { 'nft -a list chains': 'table inet netdoctor_7 { # handle 1\n}\n' },
  });
  expect(answer).toMatchObject({ known: true, value: [] });
});

test('where the kernel tells of no chain, no program is asked', async () => {
  const { machine, rules } = await list({ kernel: { chains: [] } });
  expect(rules).toEqual([]);
  expect(machine.asked.filter((line) => !line.startsWith('read '))).toEqual([]);
});

test('the chains that the kernel tells of are listed as those that nft does', async () => {
  const byNft = await list({ run: HOST });
  const families: Record<string, number> = { inet: 1, ip: 2, arp: 3, netdev: 5, bridge: 7, ip6: 10 };
  const chains = parseNft(recording('rules/nft-chains.txt')).tables.flatMap((table) =>
    table.chains.map(({ name, hook }) => ({
      family: families[table.family],
      table: table.name,
      name,
      hook,
      rules: 1,
    })),
  );
  const { rules } = await list({ run: { ...HOST, 'nft -a list chains': 'not asked' }, kernel: { chains } });
  expect(rules.length).toBeGreaterThan(5);
  expect(rules).toEqual(byNft.rules);
});
