import { describe, expect, it, test } from 'vitest';
import { addressReplacer } from '../../src/output/redact/addresses.ts';
import { redactor } from '../../src/output/redact.ts';
import { diagnosis, flow, story, target } from '../repl/fixture/forwarding-off.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, at) => at);
const replace = addressReplacer(KEY);
const prefix = (address: string, octets: number): string => address.split('.').slice(0, octets).join('.');

describe('addresses', () => {
  it('are replaced, each by the same one everywhere', () => {
    const [one, two] = [replace('198.51.100.1'), replace('to 198.51.100.1, from 198.51.100.1')];
    expect(one).not.toBe('198.51.100.1');
    expect(two).toBe(`to ${one}, from ${one}`);
  });

  it('of one subnet stay in one subnet, and no other joins it', () => {
    const [a, b, c] = ['203.0.113.7', '203.0.113.200', '203.0.112.7'].map(replace);
    expect(prefix(a!, 3)).toBe(prefix(b!, 3));
    expect(prefix(a!, 3)).not.toBe(prefix(c!, 3));
    expect(a).not.toBe(b);
  });

  it('keep their prefix length, and networks end in zeros', () => {
    expect(replace('10.88.0.0/16')).toMatch(/^10\.\d+\.0\.0\/16$/);
    expect(replace('10.88.0.2/24')).toMatch(/^10\.[\d.]+\/24$/);
    expect(replace('fd00:88::/64')).toMatch(/^f[cd][0-9a-f:]+::\/64$/);
  });

  test.each(['127.0.0.1', '0.0.0.0/0', '::', '::1', '255.255.255.255', 'eth0', '12:30:45', 'version 1.2.3'])(
    '%s stays, it names nobody',
    (text) => {
      expect(replace(text)).toBe(text);
    },
  );

  it('of IPv6 and MACs too', () => {
    expect(replace('2001:db8::1')).not.toContain('2001:db8');
    expect(replace('[2001:db8::1]:443')).toMatch(/^\[[0-9a-f:]+\]:443$/);
    expect(replace('fe80::42:acff:fe11:2')).toMatch(/^fe80::/);
    expect(replace('02:42:ac:11:00:03 and 02:42:AC:11:00:03')).toBe(
      '02:00:00:00:00:01 and 02:00:00:00:00:01',
    );
  });
});

describe('a run', () => {
  const named = {
    ...target,
    name: 'payroll',
    networks: [{ ...{ driver: 'bridge' }, name: 'acme_internal' } as (typeof target.networks)[number]],
    about: 'docker 28.2, network "acme_internal"',
  };
  const told = () => {
    const shown = redactor(KEY);
    return [
      shown({ type: 'target', target: named }),
      shown({ type: 'flow', flow: { ...flow, to: 'db.acme.example:5432', address: '203.0.113.9' } }),
      ...story.slice(2, -1).map(shown),
      shown({
        type: 'diagnosis',
        diagnosis: {
          ...diagnosis,
          target: { ...diagnosis.target, name: 'payroll' },
          summary: 'Requests never leave payroll for db.acme.example (203.0.113.9).',
        },
      }),
    ];
  };

  it('names neither container, network, destination nor address', () => {
    const text = JSON.stringify(told());
    for (const secret of [
      'payroll',
      'acme',
      '203.0.113',
      '172.17.0',
      '198.51.100',
      '97ac0d6d3a41',
      '02:42:ac',
    ])
      expect(text, secret).not.toContain(secret);
  });

  it('still says the same', () => {
    const last = told().at(-1);
    expect(last).toMatchObject({
      diagnosis: {
        status: 'fault',
        cause: 'ip-forward-off',
        between: ['host/docker0', 'host/eth0'],
        summary: expect.stringMatching(/^Requests never leave container-1 for name-1 \([\d.]+\)\.$/),
        findings: [{ fixes: [{ apply: [{ run: { argv: ['sysctl', '-w', 'net.ipv4.ip_forward=1'] } }] }] }],
      },
    });
  });

  it('does not cut a short name out of longer words', () => {
    const shown = redactor();
    shown({ type: 'target', target: { ...target, name: 'eth' } });
    const { diagnosis: shownDiagnosis } = shown({ type: 'diagnosis', diagnosis });
    expect(shownDiagnosis.path[0]?.name).toBe('eth0');
  });
});

test('the container that a flow begins in is named by nobody', () => {
  const shown = redactor(KEY);
  const event = { type: 'flow', flow: { ...flow, from: 'other', source: 'docker:payroll-2' } } as const;
  expect(shown(event).flow.source).toBe('docker:container-1');
});

it('what people have called interfaces and written into rules is not shown', () => {
  const shown = redactor(KEY);
  const path = story.find((event) => event.type === 'path')!;
  const named = JSON.parse(JSON.stringify(path).replaceAll('docker0', 'acme-prod'));
  expect(JSON.stringify(shown(named))).not.toContain('acme');
  const says = [
    'drop comment "db.acme.example \\"x\\""',
    'log prefix "acme: " drop',
    '-A INPUT -m comment --comment acme -j DROP',
  ];
  for (const text of says) {
    const waiting = shown({ type: 'waiting', what: text, milliseconds: 1 });
    expect(JSON.stringify(waiting)).not.toContain('acme');
    expect(JSON.stringify(waiting)).toMatch(/drop/i);
  }
});

test.each([
  [['iptables', '-A', 'INPUT', '-m', 'comment', '--comment', 'acme payroll', '-j', 'DROP'], 'a comment'],
  [['nft', 'add', 'rule', 'ip', 't', 'c', 'drop', 'comment', '"acme payroll"'], '"a comment"'],
  [['nft', 'add', 'rule', 'ip', 't', 'c', 'log', 'prefix', '"acme payroll"', 'drop'], '"a comment"'],
])('nor what they wrote there as one word of a command: %j', (argv, instead) => {
  const [finding] = diagnosis.findings;
  const [fix] = finding!.fixes;
  const named = {
    ...diagnosis,
    findings: [{ ...finding!, fixes: [{ ...fix!, apply: [{ run: { argv } }] }] }],
  } as unknown as typeof diagnosis;
  const shown = redactor(KEY)({ type: 'diagnosis', diagnosis: named });
  expect(shown.diagnosis.findings[0]!.fixes[0]!.apply).toEqual([
    { run: { argv: argv.map((word) => (word.includes('acme') ? instead : word)) } },
  ]);
});

it('takes the names of bearers, replicas and proxies too', () => {
  const told = redactor(KEY)({
    type: 'diagnosis',
    diagnosis: {
      ...diagnosis,
      addresses: [
        {
          address: '10.0.1.3',
          family: 4,
          status: 'healthy',
          cause: null,
          bearer: 'task shop.1.xyz of service shop',
        },
        {
          address: '10.0.1.9',
          family: 4,
          status: 'healthy',
          cause: null,
          bearer: 'container ledger (also till)',
        },
      ],
      evidence: [
        {
          witness: 'state',
          at: null,
          microseconds: null,
          says: '10.0.1.2 is service shop’s virtual address, behind it are shop.1.xyz (10.0.1.3) and shop.2.uvw (10.0.1.5)',
          agrees: true,
          source: ['docker', 'network', 'inspect'],
        },
      ],
      unknown: [
        { what: 'programs do not ask x themselves but the proxy http://proxy.corp:3128', because: 'it is' },
      ],
    },
  });
  for (const name of ['shop', 'ledger', 'till', 'proxy.corp'])
    expect(JSON.stringify(told)).not.toContain(name);
});
