import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import { wrongCall } from '../../src/model/failure.ts';
import { USUAL } from '../../src/model/question.ts';
import { widthOf } from '../../src/output/line/width.ts';
import { commands } from '../../src/repl/registry.ts';
import { answer, enter, lastRun } from './desk.ts';

describe('every command', () => {
  test('has a file of its own name', () => {
    const files = readdirSync(`${import.meta.dirname}/../../src/repl/commands`);
    expect(files.sort()).toEqual(commands.map(({ name }) => `${name}.ts`).sort());
  });

  test.each(commands.map((command) => [command.name, command] as const))(
    '%s says what it does',
    (_, command) => {
      expect(command.does).toMatch(/^[a-z].*[^.]$/);
      expect(command.does.length).toBeLessThan(100);
      expect(() => command.slots([])).not.toThrow();
    },
  );

  test('answers any words with data, and never throws', async () => {
    const word = fc.oneof(
      fc.constantFrom(...commands.map(({ name }) => name), 'to', '1', '0', '--persist', 'count', 'web'),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const line = fc.tuple(
      fc.constantFrom(...commands.map(({ name }) => name)),
      fc.array(word, { maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(line, fc.boolean(), async ([name, words], empty) => {
        const outcome = await enter([name, ...words].join(' '), empty ? { last: null, target: null } : {});
        expect(outcome.type).toBeTypeOf('string');
      }),
      { numRuns: 300 },
    );
  });
});

test('a word that is no command: the nearest one', async () => {
  expect(await answer('chekc')).toEqual(['There is no command "chekc". | Did you mean "check"?']);
  expect(await answer('frobnicate')).toEqual([
    'There is no command "frobnicate". | Type help for what there is.',
  ]);
});

describe('check', () => {
  const asked = { ...USUAL, target: 'web', to: '198.51.100.1', proto: 'icmp' as const };
  test.each([
    ['check', { target: 'web', to: '198.51.100.1', proto: 'icmp' }],
    ['check db', { target: 'db', to: '198.51.100.1' }],
    ['check tcp', { target: 'web', to: '198.51.100.1', proto: 'tcp' }],
    ['check to 1.1.1.1:443', { target: 'web', to: '1.1.1.1:443', proto: undefined }],
    ['check db to [2001:db8::1]:80 tcp', { target: 'db', to: '[2001:db8::1]:80', proto: 'tcp' }],
    ["check 'to'", { target: 'web' }],
  ])('%s', async (line, wish) => {
    const outcome = await enter(line, { asked });
    if (line.includes("'to'")) expect(outcome).toMatchObject({ type: 'wrong', word: 1 });
    else expect(outcome).toMatchObject({ type: 'diagnose', wish });
  });

  test('says which word it does not understand', async () => {
    expect(await enter('check web db')).toMatchObject({ type: 'wrong', word: 2 });
    expect(await enter('check', { target: null })).toMatchObject({ type: 'wrong', word: -1 });
  });
});

describe('watch', () => {
  const asked = { ...USUAL, target: 'web', to: '198.51.100.1', proto: 'icmp' as const };
  test.each([
    ['watch', { to: '198.51.100.1' }, false, null],
    ['watch --save a.pcapng db to 1.1.1.1:443', { target: 'db', to: '1.1.1.1:443' }, false, 'a.pcapng'],
    ['watch --passive', { target: 'web' }, true, null],
    ['watch db --passive --save a.pcapng', { target: 'db' }, true, 'a.pcapng'],
    ["watch --save '--passive'", { target: 'web' }, false, '--passive'],
  ])('%s', async (line, wish, passive, file) => {
    expect(await enter(line, { asked })).toMatchObject({ type: 'watch', wish, passive, file });
  });

  test.each([
    ['watch --passive to 1.1.1.1', 2, 'sends none'],
    ['watch tcp --passive', 1, 'sends none'],
    ['watch --save', 1, 'which file'],
    ['watch --save a.pcapng web db', 4, 'db'],
    ['watch --passive web to', 3, 'destination'],
  ])('%s is wrong at word %i', async (line, word, says) => {
    const outcome = await enter(line);
    expect(outcome).toMatchObject({ type: 'wrong', word, message: expect.stringContaining(says) });
  });
});

describe('about the last diagnosis', () => {
  test.each(['path', 'evidence', 'rules', 'hop 1', 'copy', 'fix', 'save report.md'])(
    '%s says so when there is none',
    async (line) => {
      expect(await answer(line, { last: null })).toEqual([
        'Nothing has been diagnosed yet. | Type: check NAME',
      ]);
    },
  );

  test('path draws it again', async () => {
    expect((await answer('path')).join('\n')).toMatch(/✗ forwarding .* 3 dropped/);
  });

  test('hop by number, name and id', async () => {
    expect((await answer('hop 3'))[0]).toBe('host/docker0');
    expect(await answer('hop docker0')).toEqual(await answer('hop 3'));
    expect(await answer('hop host/docker0')).toEqual(await answer('hop 3'));
    expect((await answer('hop 3')).join('\n')).toContain('3 requests, 0 replies');
    // Two interfaces are called eth0.
    expect((await answer('hop eth0'))[0]).toContain('no hop "eth0", or more than one');
    expect((await answer('hop 9'))[0]).toContain('The hops: container/eth0');
    expect((await answer('hop'))[0]).toContain('Type a number from 1 to 4');
  });

  test('hop stands beside the path on a wide screen', async () => {
    const wide = await answer('hop 3', { size: { columns: 141, rows: 40 } });
    expect(wide[0]).toMatch(/✓ eth0 .* host\/docker0$/);
  });

  test('evidence in time, each with its command', async () => {
    const rows = await answer('evidence');
    expect(rows[0]).toContain('61 µs  capture  3 requests seen on docker0');
    expect(rows).toContainEqual(expect.stringMatching(/^ +\$ sysctl net\.ipv4\.ip_forward$/));
  });

  describe('evidence', () => {
    const piece = (says: string, at: string, microseconds: number): Evidence => ({
      ...{ witness: 'capture', agrees: null, says, at, microseconds },
      source: ['tcpdump', '-ni', at.split('/')[1]!, 'host', '198.51.100.1'],
    });
    const { diagnosis } = lastRun;
    const talked = {
      ...lastRun,
      diagnosis: {
        ...diagnosis!,
        evidence: [
          piece(
            'neighbour: who has 172.17.0.1? tell 172.17.0.2, 172.17.0.2 → 172.17.0.1',
            'container/eth0',
            5,
          ),
          piece(
            'neighbour: 172.17.0.1 is at 02:42:00:00:00:01, 172.17.0.1 → 172.17.0.2',
            'container/eth0',
            9,
          ),
          piece('neighbour: who has 172.17.0.1? tell 172.17.0.2, 172.17.0.2 → 172.17.0.1', 'host/docker0', 7),
          piece('3 requests, 172.17.0.2 → 198.51.100.1', 'container/eth0', 20),
          piece('3 replies, 198.51.100.1 → 172.17.0.2', 'container/eth0', 30),
        ],
      },
    };

    test('names the hop, tells a command once, and leaves the talk of neighbours out', async () => {
      expect(await answer('evidence', { last: talked })).toEqual([
        '   20 µs  capture  eth0: 3 requests, 172.17.0.2 → 198.51.100.1',
        '                   $ tcpdump -ni eth0 host 198.51.100.1',
        '   30 µs  capture  eth0: 3 replies, 198.51.100.1 → 172.17.0.2',
        '  What neighbours said (ARP, ND) is left out: evidence all',
      ]);
    });

    test('all: one piece of talk for each hop', async () => {
      const rows = await answer('evidence all', { last: talked });
      expect(rows.join(' ').replace(/\s+/g, ' ')).toContain(
        'eth0: who has 172.17.0.1? tell 172.17.0.2; 172.17.0.1 is at 02:42:00:00:00:01',
      );
      expect(rows.filter((one) => one.includes('who has'))).toHaveLength(2);
      expect(rows.join('')).not.toContain('left out');
      expect(await answer('evidence some')).toEqual([expect.stringContaining('Type: evidence all')]);
    });

    test('at 40 columns stands under its time, and no command is indented beyond the edge', async () => {
      const rows = await answer('evidence', { last: talked, size: { columns: 41, rows: 24 } });
      expect(rows.slice(0, 4)).toEqual([
        '  20 µs  capture',
        '    eth0: 3 requests, 172.17.0.2 →',
        '    198.51.100.1',
        '    $ tcpdump -ni eth0 host 198.51.100.1',
      ]);
      const narrower = await answer('evidence', { last: talked, size: { columns: 38, rows: 24 } });
      expect(narrower).toContain(' $ tcpdump -ni eth0 host 198.51.100.1');
    });
  });

  test('rules: each once, with its owner; and why none was seen', async () => {
    const rule = {
      engine: 'iptables-nft' as const,
      family: 'ip',
      table: 'filter',
      chain: 'DOCKER-USER',
      hook: 'forward',
      number: 2,
      handle: 7,
      text: '-A DOCKER-USER -j DROP',
      verdict: 'drop',
      owner: 'docker',
    };
    const hit = {
      side: 'host' as const,
      rule,
      verdict: 'drop',
      direction: 'request' as const,
      probe: 0,
      at: 9,
      by: 'trace' as const,
    };
    const hits = [hit, { ...hit, probe: 1 }];
    const rows = await answer('rules', { last: { ...lastRun, hits } });
    expect(rows.slice(0, 2)).toEqual([
      '  drop  request: rule 2 of chain DOCKER-USER of table ip filter (iptables-nft,',
      '        of docker)',
    ]);
    expect(rows.filter((row) => row.startsWith('  drop'))).toHaveLength(1);
    // A chain that was read again in between shows the counter as it is by then.
    const counting = ['3 bytes 252', '4 bytes 336'].map((count) => ({
      ...hit,
      rule: { ...rule, engine: 'nft' as const, text: `counter packets ${count} drop` },
    }));
    const counted = await answer('rules', { last: { ...lastRun, hits: counting } });
    expect(counted.filter((row) => row.startsWith('  drop'))).toHaveLength(1);
    // That the chain went on to its policy is no news beside the policy's verdict.
    const policy = { ...hit, rule: { ...rule, number: null, text: '-P FORWARD ACCEPT' }, verdict: 'accept' };
    const both = [{ ...policy, verdict: 'continue' }, policy] as unknown as typeof hits;
    const told = await answer('rules', { last: { ...lastRun, hits: both } });
    expect(told.filter((row) => /^ {2}\S/.test(row))).toEqual([
      expect.stringMatching(/^ {2}accept {2}request/),
    ]);
    const absent = ['rule: nft is not installed'];
    expect((await answer('rules', { last: { ...lastRun, absent } })).join('\n')).toContain(
      'nft is not installed',
    );
  });

  test('keep says what was kept, or that nothing waits', async () => {
    expect(await answer('keep')).toEqual(['No change waits to be kept.']);
    const kept = [{ title: 'Turn forwarding on' }] as never;
    expect(await answer('keep', {}, { keep: async () => kept })).toEqual(['✓ Kept: Turn forwarding on.']);
  });

  test('map draws the host as a tree, cut where the screen ends', async () => {
    const link = (name: string, master: string | null) => ({
      ...{ id: `host/${name}`, namespace: 'host', name, ifindex: 1, kind: 'veth', up: true },
      ...{ addresses: ['10.0.0.1/24'], master, peer: null, over: null, uplink: false },
    });
    const map = async () => ({
      namespaces: [{ id: 'host', inode: 1, names: [] }],
      links: [link('br0', null), link('a-port-with-a-name', 'host/br0')],
      ports: [
        { proto: 'tcp', hostAddress: '0.0.0.0', hostPort: 8080, container: 'docker:web', containerPort: 80 },
      ],
      silent: ['podman: no such tool'],
    });
    expect(await answer('map', {}, { map })).toEqual([
      'host',
      '  br0  veth  10.0.0.1/24',
      '  └ a-port-with-a-name  veth  10.0.0.1/24',
      'published ports',
      '  0.0.0.0:8080/tcp  ──>  docker:web:80',
      '  not asked: podman: no such tool',
    ]);
    const narrow = await answer('map', { size: { columns: 31, rows: 24 } }, { map });
    expect(narrow).toContain('  └ a-port-with-a-name  veth …');
    const far = { ...link('eth0', null), id: 'netns:red/eth0', namespace: 'netns:red' };
    const joined = async () => ({
      ...(await map()),
      namespaces: [
        { id: 'host', inode: 1, names: [] },
        { id: 'netns:red', inode: 2, names: [] },
      ],
      links: [
        link('br0', null),
        { ...link('veth1', 'host/br0'), peer: far.id },
        link('veth2', 'host/br0'),
        far,
      ],
    });
    expect((await answer('map', { size: { columns: 41, rows: 24 } }, { map: joined })).slice(2, 5)).toEqual([
      '  ├ veth1  veth  10.0.0.1/24',
      '  │   ── eth0  10.0.0.1/24 in netns:red',
      '  └ veth2  veth  10.0.0.1/24',
    ]);
  });

  test('copy takes a fix by its number', async () => {
    expect(await enter('copy')).toMatchObject({ type: 'copy', text: 'sysctl -w net.ipv4.ip_forward=1' });
    expect(await answer('copy 7')).toEqual(['There is no fix 7. | There are: 1']);
  });

  test('fix: by number, kept with --persist, not with --read-only', async () => {
    const usually = { type: 'fix', fix: '1', persist: false, rollbackAfter: null };
    expect(await enter('fix')).toEqual(usually);
    expect(await enter('fix 1 --persist')).toEqual({ ...usually, persist: true });
    expect(await enter('fix 1 --rollback-after 60')).toEqual({ ...usually, rollbackAfter: 60 });
    expect(await enter('fix --rollback-after=60 --persist')).toEqual({
      ...usually,
      persist: true,
      rollbackAfter: 60,
    });
    for (const line of ['fix --rollback-after', 'fix 1 --rollback-after soon', 'fix 1 --rollback-after 0'])
      expect((await answer(line))[0], line).toContain('seconds from 1 to 86400');
    expect(await answer('fix 2')).toEqual(['There is no fix 2. | There are: 1']);
    expect(await enter('fix now')).toMatchObject({ type: 'wrong', word: 1 });
    expect((await answer('fix', { defaults: { ...USUAL, readOnly: true } }))[0]).toContain('--read-only');
  });

  test('save writes the form that the name tells', async () => {
    const files: Record<string, string> = {};
    const save = (file: string, text: string) => {
      files[file] = text;
      return null;
    };
    await answer('save report.md', {}, { save });
    await answer('save report.json', {}, { save });
    expect(files['report.md']).toMatch(/^# web → 198\.51\.100\.1, icmp\n/);
    expect(JSON.parse(files['report.json']!)).toMatchObject({ schema: 'netdoctor/diagnosis/1' });
    await answer('save secret.md --redact', {}, { save });
    expect(files['secret.md']).not.toContain('198.51.100.1');
    expect(files['secret.md']).not.toMatch(/\bweb\b|97ac0d6d3a41/);
    await answer('save also.json', { settings: { redact: 'on' } }, { save });
    expect(files['also.json']).not.toContain('172.17.0.2');
    expect(await answer('save report.txt')).toEqual([
      'The name tells the form: .md or .json. | Type: save report.txt.md',
    ]);
    expect((await answer('save x.md', {}, { save: () => 'no space' }))[0]).toContain('no space');
  });
});

describe('explain and causes', () => {
  test('explains the cause of the last verdict, or any', async () => {
    expect((await answer('explain'))[0]).toBe('IP forwarding is off (ip-forward-off)');
    expect(await answer('explain ip-forward-off')).toEqual(await answer('explain'));
    expect(await answer('explain ip-forward-of')).toEqual([
      'There is no cause "ip-forward-of". | Did you mean "ip-forward-off"?',
    ]);
  });

  test('lists every cause, on narrow screens too', async () => {
    const wide = await answer('causes');
    expect(wide.join('\n')).toContain('ip-forward-off');
    for (const row of await answer('causes', { size: { columns: 40, rows: 24 } })) {
      expect(row.length).toBeLessThan(40);
    }
  });
});

describe('targets', () => {
  test('use takes what is there, or what names a runtime', async () => {
    expect(await enter('use db')).toEqual({ type: 'use', target: 'db' });
    expect(await enter('use netns:red')).toEqual({ type: 'use', target: 'netns:red' });
    expect(await answer('use wbe')).toEqual([
      'No container or namespace is called "wbe". | Did you mean "web"?',
    ]);
  });

  test('use says what the name is short of', async () => {
    const find = async () => {
      throw wrongCall('ambiguous-target', '"web" names docker:web and netns:web.', 'Say which: docker:web');
    };
    expect(await answer('use web', {}, { find })).toEqual([
      '"web" names docker:web and netns:web. | Say which: docker:web',
    ]);
    expect(await answer('use')).toEqual(['Which container? | There are web and db.']);
  });

  test('containers lists them, and who was not asked', async () => {
    const inventory = async () => ({ candidates: [], silent: ['docker: not running'] });
    expect((await answer('containers'))[0]).toMatch(/web +docker +running +172\.17\.0\.2/);
    expect((await answer('containers', {}, { inventory })).join('\n')).toContain('docker: not running');
  });

  test('veth shows pairs both ways', async () => {
    const end = { master: null, addresses: [] };
    const container = { ...end, where: 'docker:web', name: 'eth0', ifindex: 2 };
    const host = { ...end, where: 'host', name: 'veth6a', ifindex: 7, master: 'docker0' };
    const veths = async () => ({ pairs: [{ container, found: 'one' as const, peers: [host] }], silent: [] });
    for (const line of ['veth', 'veth web', 'veth veth6a']) {
      expect(await answer(line, {}, { veths })).toEqual([
        '  docker:web  eth0 (2)  → veth6a (7), port of docker0',
      ]);
    }
    expect(await answer('veth db', {}, { veths })).toEqual(['No veth pair belongs to db.']);
  });
});

describe('set', () => {
  test('shows what holds: the settings of the call, and those made since', async () => {
    const defaults = { ...USUAL, wait: 5, family: 6 as const };
    const rows = await answer('set', { defaults, settings: { count: '7' } });
    expect(rows).toContainEqual(expect.stringMatching(/^ {2}count +7 /));
    expect(rows).toContainEqual(expect.stringMatching(/^ {2}wait +5 /));
    expect(rows).toContainEqual(expect.stringMatching(/^ {2}family +6 /));
    expect(rows).toContainEqual(expect.stringMatching(/^ {2}redact +off /));
  });

  test('changes what the next question asks', async () => {
    expect(await enter('set count 5')).toMatchObject({ type: 'set', settings: { count: '5' } });
    expect(await enter('set family 6', { settings: { count: '5' } })).toMatchObject({
      settings: { count: '5', family: '6' },
    });
  });

  test.each([
    ['set cuont 5', 'There is no setting "cuont". | Did you mean "count"?'],
    ['set count', 'A value for count is missing. | Type: set count 3'],
    ['set count 1.5', 'It takes a whole number. | Type: set count 3'],
    ['set wait never', 'It takes a number of seconds from 0.1 to 600. | Type: set wait 1'],
    ['set trace maybe', 'It takes one of: on, off. | Type: set trace on'],
  ])('%s', async (line, expected) => {
    expect(await answer(line)).toEqual([expected]);
  });
});

test.each([
  ['set'],
  ['undo'],
  ['containers'],
  ['veth'],
  ['keep'],
  ['explain'],
  ['save a-rather-long-name-for-a-report.md --redact'],
])('%s fits into 40 columns', async (line) => {
  const none = { inventory: async () => ({ candidates: [], silent: ['docker: no answer from the socket'] }) };
  const rows = await answer(line, { size: { columns: 41, rows: 24 } }, none);
  expect(rows.filter((text) => widthOf(text) > 40)).toEqual([]);
});

describe('setup', () => {
  test('hands over to the wizard, for one recipe or for a choice', async () => {
    expect(await enter('setup')).toEqual({ type: 'set-up', recipe: null });
    expect(await enter('setup bridge-nat')).toEqual({ type: 'set-up', recipe: 'bridge-nat' });
    expect(await answer('setup bridge-nta')).toEqual([
      'There is no recipe "bridge-nta". | Did you mean "bridge-nat"?',
    ]);
  });

  test('not where nothing may be changed, nor where nothing can be drawn', async () => {
    expect((await answer('setup', { defaults: { ...USUAL, readOnly: true } }))[0]).toContain('--read-only');
    expect((await answer('setup bridge-nat', { echoes: false }))[0]).toContain('netdoctor setup bridge-nat');
    expect((await answer('setup', { echoes: false }))[0]).toContain('netdoctor setup list');
  });
});

test('log lists commands as they can be pasted', async () => {
  const commandsRun = () => [
    ['ip', '-j', 'link'],
    ['sh', '-c', 'echo $HOME'],
  ];
  expect(await answer('log', {}, { commandsRun })).toEqual(['ip -j link', "sh -c 'echo $HOME'"]);
});

describe('help', () => {
  test.each([30, 40, 80, 140])('fits into %i columns, every command and every key', async (columns) => {
    const size = { columns, rows: 24 };
    const rows = await answer('help', { size });
    for (const { name } of commands) expect(rows.map((row) => row.trim().split(' ')[0])).toContain(name);
    const keys = await answer('help keys', { size });
    for (const key of ['Tab', 'Ctrl-R', 'Alt-Backspace']) expect(keys.join('\n')).toContain(key);
    for (const row of [...rows, ...keys]) expect(widthOf(row)).toBeLessThanOrEqual(columns);
  });

  test('on an ordinary terminal all commands are seen at once', async () => {
    expect((await answer('help', { size: { columns: 80, rows: 24 } })).length).toBeLessThan(40);
  });

  test('says how a command is called, and more', async () => {
    const rows = await answer('help fix');
    expect(rows[0]).toBe('fix [number] [--persist] [--rollback-after S]');
    expect(rows.join(' ')).toContain('outlast a reboot');
    expect(await answer('help fxi')).toEqual(['There is no command "fxi". | Did you mean "fix"?']);
  });
});

test('causes: the one of the last verdict marked, all of them, or those with a word', async () => {
  const all = await answer('causes');
  expect(all.find((row) => row.includes('ip-forward-off'))).toMatch(
    /^› ip-forward-off +IP forwarding is off$/,
  );
  const some = await answer('causes BRIDGE');
  expect(some.length).toBeLessThan(all.length / 2);
  expect(some).toContainEqual(expect.stringMatching(/^ {2}bridge-down +The bridge is down$/));
  expect(await answer('causes frobnicate')).toEqual(['No cause speaks of "frobnicate". | Type: causes']);
  for (const columns of [41, 81])
    for (const row of await answer('causes', { size: { columns, rows: 24 } }))
      expect(widthOf(row)).toBeLessThan(columns);
});

describe('undo', () => {
  test('not in a conversation that may change nothing', async () => {
    const undone = async () => {
      throw new Error('it was undone');
    };
    const rows = await answer('undo', { defaults: { ...USUAL, readOnly: true } }, { undo: undone });
    expect(rows[0]).toContain('--read-only');
  });

  const entry = { id: '3', title: 'Turn IPv4 forwarding on' } as never;
  test.each([
    [{ kind: 'undone', entry }, 'Taken back: Turn IPv4 forwarding on.'],
    [{ kind: 'nothing', entry, because: 'the state is already the one before' }, 'Nothing of'],
    [{ kind: 'foreign', entry, because: 'it is another host’s' }, 'could not be taken back'],
    [{ kind: 'stuck', entry, because: 'permission denied' }, 'permission denied'],
    [{ kind: 'drift', entry, drifts: [] }, 'undo 3 --force'],
  ] as const)('%o', async (undone, words) => {
    expect((await answer('undo', {}, { undo: async () => undone })).join('\n')).toContain(words);
  });

  test('names the entry, and forces only when told', async () => {
    const calls: unknown[] = [];
    const undo = async (...call: unknown[]) => {
      calls.push(call);
      return null;
    };
    await answer('undo', {}, { undo });
    await answer('undo 3 --force', {}, { undo });
    expect(calls).toEqual([
      [null, false],
      ['3', true],
    ]);
  });
});
