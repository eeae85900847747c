import { describe, expect, it } from 'vitest';
import type { Library, NameQuestion, Outcome, Reply } from '../../src/model/look-up.ts';
import { lookUp } from '../../src/resolver/look-up.ts';
import { ordered } from '../../src/resolver/order.ts';
import { SILENCE, says } from './replies.ts';

function ask(
  library: Library,
  name: string,
  resolvConf: string,
  replies: (question: NameQuestion) => Reply,
): Promise<Outcome> {
  return lookUp(
    library,
    name,
    {
      files: { resolvConf, hosts: undefined, nsswitch: undefined },
      families: [4, 6],
      sourceOf: () => null,
    },
    async (question) => replies(question),
  );
}

const TWO = 'nameserver 10.0.0.1\nnameserver 10.0.0.2\n';

describe('a first server that is silent', () => {
  const replies = ({ server, type }: NameQuestion): Reply =>
    server === '10.0.0.1' ? SILENCE : says(type === 'A' ? ['192.0.2.1'] : []);

  it('costs five seconds with glibc', async () => {
    expect(await ask('glibc', 'db.example', TWO, replies)).toMatchObject({
      addresses: ['192.0.2.1'],
      waited: 5,
    });
  });

  it('costs nothing with musl, which asks both at once', async () => {
    expect(await ask('musl', 'db.example', TWO, replies)).toMatchObject({
      addresses: ['192.0.2.1'],
      waited: 0,
    });
  });
});

describe('NXDOMAIN for AAAA alone', () => {
  const replies = ({ type }: NameQuestion): Reply => (type === 'A' ? says(['192.0.2.1']) : says([], 3));

  it('is nothing to glibc, and the end to musl', async () => {
    const one = 'nameserver 10.0.0.1\n';
    expect((await ask('glibc', 'db.example', one, replies)).addresses).toEqual(['192.0.2.1']);
    expect((await ask('musl', 'db.example', one, replies)).error).toBe('no-such-name');
  });
});

it('goes on in the search list after a name without addresses with glibc, and ends there with musl', async () => {
  const replies = ({ name, type }: NameQuestion): Reply =>
    says(name === 'db.b.example' && type === 'A' ? ['192.0.2.1'] : [], 0);
  const listed = 'nameserver 10.0.0.1\nsearch a.example b.example\n';
  const glibc = await ask('glibc', 'db', listed, replies);
  expect(glibc).toMatchObject({ addresses: ['192.0.2.1'], asked: 'db.b.example' });
  const musl = await ask('musl', 'db', listed, replies);
  expect(musl).toMatchObject({ addresses: [], error: 'no-address' });
});

it('has no name where the answers hold records that are no addresses', async () => {
  const glibc = await ask('glibc', 'db.example', TWO, () => says([], 0, { records: 1 }));
  expect(glibc).toMatchObject({ addresses: [], error: 'no-such-name' });
});

it('asks by TCP what was cut', async () => {
  const { questions, addresses } = await ask('glibc', 'big.example', TWO, ({ type, transport }) => {
    const all = type === 'A' ? ['192.0.2.1', '192.0.2.2'] : [];
    return transport === 'tcp' || type === 'AAAA' ? says(all) : says([], 0, { truncated: true });
  });
  expect(addresses).toEqual(['192.0.2.1', '192.0.2.2']);
  expect(questions.map(({ type, transport }) => `${type} ${transport}`)).toEqual([
    'A udp',
    'AAAA udp',
    'A tcp',
    'AAAA tcp',
  ]);
});

it('puts what has no route last', () => {
  const sourceOf = (address: string) => (address.includes(':') ? null : { address: '192.0.2.9', prefix: 24 });
  for (const library of ['glibc', 'musl'] as const)
    expect(ordered(['2001:db8::1', '198.51.100.1'], sourceOf, library)).toEqual([
      '198.51.100.1',
      '2001:db8::1',
    ]);
});
