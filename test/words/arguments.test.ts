import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNftName } from '../../src/words/arguments/nft.ts';
import { refusalOfArguments } from '../../src/words/arguments.ts';

/** Names made of what nft and iptables would read as something else. */
const hostile = fc
  .array(
    fc.constantFrom(
      'c',
      ' ',
      ';',
      '\n',
      '"',
      '{',
      '}',
      '#',
      '$',
      '\\',
      '-f',
      '--file=/x',
      'include "/x"',
      'add table ip x',
      '-M',
      '--modprobe=/x',
      '\u0000',
      '\u001b',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));

describe('nft', () => {
  it.each([
    ['nft', '-a', 'list', 'chain', 'inet', 't', 'c'],
    ['nft', '-a', 'list', 'chains'],
    ['nft', '-s', '-a', 'list', 'chain', 'ip', 'filter', 'FORWARD'],
    ['nft', '-i'],
    ['nft', 'monitor', 'trace'],
    ['nft', 'insert', 'rule', 'inet', 't', 'c', 'tcp dport { 80, 443 } log prefix "x; y" accept'],
    ['nft', 'chain', 'inet', 't', 'c', '{ policy accept; }'],
    ['nft', 'add', 'chain', 'ip', 't', 'c', '{ type filter hook forward priority -150; policy drop; }'],
    ['nft', 'delete table ip t; table ip t {\n\tchain c {\n\t\taccept\n\t}\n}'],
    ['nft', 'table ip lab { chain pre { type filter hook prerouting priority -150; ip ttl set 1; }; }'],
  ])('is given what means one thing: %j', (...argv) => {
    expect(refusalOfArguments(argv)).toBeNull();
  });

  it.each([
    [['nft', '-a', 'list', 'chain', 'inet', 't', 'c; add table ip x'], 'another command'],
    [['nft', '-a', 'list', 'chain', 'inet', 't', 'c\nadd table ip x'], 'another command'],
    [['nft', '-a', 'list', 'chain', 'inet', 't', '--file=/x'], 'option'],
    [['nft', '-f', '/x'], 'option'],
    [['nft', 'list', 'chain', 'inet', 't', 'c { include "/x"; }'], 'reads a file'],
    [['nft', 'add', 'rule', 'inet', 't', 'c', 'drop comment "x"; add table ip x; #"'], 'quotes'],
    [['nft', 'include', '"/x"'], 'reads a file'],
    [['nft', 'delete table ip t; table ip t { }; flush ruleset'], 'another command'],
  ] as const)('is not given %j', (argv, why) => {
    expect(refusalOfArguments(argv)).toContain(why);
  });

  it('never gets a second command by a name, nor a file', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        if (refusalOfArguments(['nft', 'list', 'chain', 'inet', 't', name]) !== null) return;
        expect(name).not.toMatch(/^-/);
        expect(name.replace(/"[^"]*"/g, '')).not.toMatch(/["#$\\\0\u001b]|(^|[\s;{])include/);
        expect(
          name
            .replace(/"[^"]*"/g, '')
            .replace(/\{[^{}]*\}/g, '')
            .trim(),
        ).not.toMatch(/[;\n]\s*[^\s;]/);
      }),
      { numRuns: 2000 },
    );
  });

  it('a name of its own grammar is always taken', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z_][\w/.-]{0,20}$/), (name) => {
        fc.pre(!/^(include|define|undefine|redefine)$/.test(name));
        expect(isNftName(name)).toBe(true);
        expect(refusalOfArguments(['nft', 'list', 'chain', 'inet', name, name])).toBeNull();
      }),
    );
  });
});

describe('iptables and its kin', () => {
  it.each(['iptables', 'ip6tables-legacy', 'ebtables', '/usr/sbin/iptables-nft'])(
    '%s never gets a program to run',
    (tool) => {
      for (const word of ['--modprobe=/x', '--modprobe', '--modp=/x', '--mo', '-M', '-M/x', '-nM/x', 'a\nb'])
        expect(refusalOfArguments([tool, '-A', 'INPUT', word])).not.toBeNull();
      expect(
        refusalOfArguments([tool, '-A', 'INPUT', '-m', 'statistic', '--mode', 'random', '-j', 'X']),
      ).toBeNull();
    },
  );
});

describe('sysctl', () => {
  it.each(['net.ipv4.ip_forward', 'net/ipv4/conf/eth0.100/rp_filter', 'net.ipv4.conf.eth0/100.rp_filter'])(
    '%s is of the network',
    (key) => {
      expect(refusalOfArguments(['sysctl', '-w', `${key}=1`])).toBeNull();
      expect(refusalOfArguments(['sysctl', '-n', key])).toBeNull();
    },
  );
  it.each([
    ...[
      'kernel.core_pattern',
      'net',
      'net.',
      '.net.x',
      'net.//.kernel.x',
      'net/../kernel/x',
      '/net/x',
      'net..x',
      '',
    ],
    'net.a kernel.b',
  ])('%j is not', (key) => {
    expect(refusalOfArguments(['sysctl', '-w', `${key}=1`])).not.toBeNull();
  });
  it('reads no file', () => {
    expect(refusalOfArguments(['sysctl', '-p', '/x'])).not.toBeNull();
    expect(refusalOfArguments(['sysctl', '--system'])).not.toBeNull();
  });
});

it('a NUL is refused for every program', () => {
  expect(refusalOfArguments(['ip', 'link', 'set', 'dev', 'a\0b'])).toContain('NUL');
  expect(refusalOfArguments(['ip', 'link', 'set', 'dev', 'a\u001bb'])).toBeNull();
});
