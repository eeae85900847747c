/** What the story of a name tells, and what the causes about names make of it. */
import { describe, expect, it } from 'vitest';
import { causeOf } from '../../src/causes.ts';
import type { Asked, Library, LookUp, NameQuestion, Reply } from '../../src/model/look-up.ts';
import { lookUp } from '../../src/resolver/look-up.ts';
import {
  askedByTcpAlone,
  contradicted,
  costlyServers,
  cutAnswer,
  failsForSomebody,
  isDenied,
  mostTelling,
  refusal,
} from '../../src/resolver/story.ts';
import { healthy, silent } from '../causes/scene.ts';
import { SILENCE, says } from './replies.ts';

const FIRST = '198.51.100.53';
const SECOND = '198.51.100.54';

async function story(
  name: string,
  servers: readonly string[],
  replies: (question: NameQuestion) => Reply,
  more: Partial<LookUp> = {},
  options = '',
): Promise<LookUp> {
  const asked: Asked[] = [];
  const { search = [], ndots = 1 } = more;
  const resolvConf = `${servers.map((server) => `nameserver ${server}\n`).join('')}search ${search.join(' ')}\noptions ndots:${ndots} ${options}\n`;
  const libraries: Library[] = more.library ? [more.library] : ['glibc', 'musl'];
  const outcomes = await Promise.all(
    libraries.map((library) =>
      lookUp(
        library,
        name,
        {
          files: { resolvConf, hosts: undefined, nsswitch: undefined },
          families: [4, 6],
          sourceOf: () => null,
        },
        async (question) => {
          const reply = replies(question);
          asked.push({ ...question, reply });
          return reply;
        },
      ),
    ),
  );
  return {
    name,
    sample: false,
    from: 'container',
    library: null,
    files: [{ file: '/etc/resolv.conf', text: resolvConf, because: null }],
    servers,
    search: [],
    ndots: 1,
    outcomes,
    asked,
    standIns: [],
    captured: null,
    rotates: false,
    control: null,
    ...more,
  };
}

const good = ({ type }: NameQuestion): Reply => says(type === 'A' ? ['192.0.2.1'] : []);

describe('servers', () => {
  it('that are silent before one that answers cost glibc time', async () => {
    const told = await story('db.example', [FIRST, SECOND], (one) =>
      one.server === FIRST ? SILENCE : good(one),
    );
    expect(costlyServers(told)).toEqual([FIRST]);
  });

  it('that are silent behind one that answers cost nothing', async () => {
    const told = await story('db.example', [FIRST, SECOND], (one) =>
      one.server === SECOND ? SILENCE : good(one),
    );
    expect(costlyServers(told)).toEqual([]);
  });

  it('that agree on a name deny it together', async () => {
    const told = await story('no.example', [FIRST, SECOND], () => says([], 3));
    expect(isDenied(told)).toBe(true);
    expect(contradicted(told)).toBeUndefined();
  });

  it('that disagree contradict one another', async () => {
    const told = await story('db.example', [FIRST, SECOND], (one) =>
      one.server === FIRST ? says([], 3) : good(one),
    );
    expect(contradicted(told)?.denied.server).toBe(FIRST);
    expect(isDenied(told)).toBe(false);
  });

  it('that refuse are told from those that deny', async () => {
    const told = await story('db.example', [FIRST], () => says([], 5));
    expect(refusal(told, FIRST)?.reply.rcode).toBe(5);
    expect(refusal(await story('no.example', [FIRST], () => says([], 3)), FIRST)).toBeUndefined();
  });

  it('that refuse are asked once more what tells most: the name as it was meant, of the last of them', async () => {
    const within = { search: ['corp.example'] };
    const denied = await story('db.example', [FIRST], () => says([], 3), within);
    expect(denied.asked.at(-1)?.name).toBe('db.example.corp.example');
    expect(mostTelling(denied.asked)).toMatchObject({ name: 'db.example', type: 'A' });
    const short = await story('db', [FIRST], () => says([], 3), within);
    expect(mostTelling(short.asked)?.name).toBe('db.corp.example');
    const both = await story('db.example', [FIRST, SECOND], () => says([], 5));
    expect(mostTelling(both.asked)?.server).toBe(SECOND);
    const half = await story('db.example', [FIRST], ({ type }) => says([], type === 'A' ? 3 : 2));
    expect(mostTelling(half.asked)?.type).toBe('AAAA');
    expect(mostTelling((await story('db.example', [FIRST], () => SILENCE)).asked)).toBeUndefined();
  });

  it('that cut an answer and are deaf to TCP are known', async () => {
    const told = await story('db.example', [FIRST], (one) =>
      one.transport === 'tcp' ? { kind: 'error', errno: 'ECONNREFUSED' } : says([], 0, { truncated: true }),
    );
    expect(cutAnswer(told, FIRST)?.name).toBe('db.example');
  });
});

const claim = (id: string, told: LookUp, change: object = {}) =>
  causeOf(id)!.examine({ ...healthy('outside', 4), lookUp: told, ...change } as never);

describe('dns-answer-refused', () => {
  const half = ({ type }: NameQuestion): Reply => (type === 'A' ? says(['192.0.2.1']) : says([], 3));

  it('speaks of NXDOMAIN for one family to musl, and where the library is unknown', async () => {
    for (const library of ['musl', null] as const)
      expect(
        claim('dns-answer-refused', await story('db.example', [FIRST], half, { library }))?.what,
      ).toContain('AAAA');
    expect(
      claim('dns-answer-refused', await story('db.example', [FIRST], half, { library: 'glibc' })),
    ).toBeNull();
  });

  it('speaks of an error code for one family to musl, which waits for a better answer in vain', async () => {
    const refuses =
      (rcode: number) =>
      ({ type }: NameQuestion): Reply =>
        type === 'A' ? says(['192.0.2.1']) : says([], rcode);
    for (const rcode of [2, 5]) {
      const told = await story('db.example', [FIRST, SECOND], refuses(rcode));
      expect(claim('dns-answer-refused', told)?.why).toContain('musl passes over');
    }
    const glibc = await story('db.example', [FIRST], refuses(5), { library: 'glibc' });
    expect(claim('dns-answer-refused', glibc)).toBeNull();
  });

  it('holds no error code against programs whose library nobody can tell', async () => {
    const refuses = ({ type }: NameQuestion): Reply => (type === 'A' ? says(['192.0.2.1']) : says([], 5));
    const told = await story('db.example', [FIRST], refuses);
    expect(failsForSomebody(told)).toBe(false);
    expect(failsForSomebody({ ...told, bare: true })).toBe(true);
    const lost = silent(healthy('outside', 4));
    expect(claim('dns-answer-refused', told, { symptom: lost.symptom })).toBeNull();
    expect(claim('dns-answer-refused', { ...told, bare: true }, { symptom: lost.symptom })).not.toBeNull();
  });

  it('names the search domain whose error code ends the search of musl alone', async () => {
    const inDomain = ({ name, type }: NameQuestion): Reply =>
      name.endsWith('.corp.example') ? says([], 2) : good({ type } as NameQuestion);
    const told = await story('db.example', [FIRST], inDomain, {
      search: ['corp.example'],
      ndots: 5,
      bare: true,
    });
    const said = claim('dns-answer-refused', told);
    expect(said?.what).toContain('SERVFAIL to the question for db.example.corp.example');
    expect(said?.why).toMatch(
      /musl ends its search there; glibc goes on to db\.example and gets 192\.0\.2\.1/,
    );
    const denied = await story(
      'db.example',
      [FIRST],
      (one) => (one.name.endsWith('.corp.example') ? says([], 3) : good(one)),
      { search: ['corp.example'], ndots: 5, bare: true },
    );
    expect(failsForSomebody(denied)).toBe(false);
    expect(claim('dns-answer-refused', denied)).toBeNull();
  });

  it('says nothing where another server answers that family', async () => {
    const told = await story('db.example', [FIRST, SECOND], (one) =>
      one.server === FIRST && one.type === 'AAAA' ? says([], 5) : good(one),
    );
    expect(claim('dns-answer-refused', told)).toBeNull();
  });

  it('says nothing where the name is there, or was asked for as a sample', async () => {
    expect(claim('dns-answer-refused', await story('db.example', [FIRST], good))).toBeNull();
    const refused = await story('db.example', [FIRST], () => says([], 5), { sample: true });
    expect(claim('dns-answer-refused', refused)).toBeNull();
  });
});

describe('dns-search-captures', () => {
  const captured = {
    asked: 'db.example.corp.example',
    domain: 'corp.example',
    addresses: ['192.0.2.9'],
    meant: ['192.0.2.1'],
    anything: ['192.0.2.9'],
  };

  it('needs another address for the name as typed, and a domain that answers for any', async () => {
    const told = await story('db.example', [FIRST], good);
    const with_ = (more: object) =>
      claim('dns-search-captures', { ...told, captured: { ...captured, ...more } });
    expect(with_({})?.what).toContain('corp.example answers for every name');
    expect(with_({ meant: [] })).toBeNull();
    expect(with_({ meant: ['192.0.2.9'] })).toBeNull();
    expect(with_({ anything: [] })).toBeNull();
  });
});

describe('dns-server-unusable', () => {
  const flow = { ...healthy('outside', 4).flow, proto: 'dns', port: 53, address: FIRST, to: FIRST };
  const silence = { flow, symptom: { kind: 'silence', errno: null, from: null, says: null, bornAt: null } };

  it('is what a silent server is while another answers', async () => {
    const told = await story('db.example', [FIRST, SECOND], (one) =>
      one.server === FIRST ? SILENCE : good(one),
    );
    expect(claim('dns-server-unusable', told, silence)?.why).toContain('glibc waits 5 s');
  });

  it('is not what the only server is that does not answer, nor one behind a good one', async () => {
    expect(
      claim('dns-server-unusable', await story('db.example', [FIRST], () => SILENCE), silence),
    ).toBeNull();
    const second = await story('db.example', [SECOND, FIRST], (one) =>
      one.server === FIRST ? SILENCE : good(one),
    );
    expect(claim('dns-server-unusable', second, silence)).toBeNull();
  });
});

describe('use-vc', () => {
  const flow = { ...healthy('outside', 4).flow, proto: 'tcp', port: 53, address: FIRST, to: FIRST };
  const refused = { kind: 'refused', errno: 'ECONNREFUSED', from: FIRST, says: null, bornAt: null };
  const udpAlone =
    (tcp: Reply) =>
    (one: NameQuestion): Reply =>
      one.transport === 'tcp' ? tcp : good(one);
  const bare = { bare: true };

  it('is what glibc fails by where the server speaks UDP alone, and names the line', async () => {
    const tcp: Reply = { kind: 'error', errno: 'ECONNREFUSED' };
    const told = await story('db.example', [FIRST], udpAlone(tcp), bare, 'use-vc');
    expect(askedByTcpAlone(told, FIRST)?.name).toBe('db.example');
    expect(cutAnswer(told, FIRST)).toBeUndefined();
    const said = claim('dns-tcp-blocked', told, { flow, symptom: refused });
    expect(said?.why).toMatch(
      /use-vc" in \/etc\/resolv\.conf has glibc ask by TCP alone.*by datagrams it answers/,
    );
    expect(claim('dns-libraries-differ', told)).toBeNull();
    // A port that takes connections by now did refuse them then: that is over.
    expect(claim('dns-tcp-blocked', told, { flow })).toBeNull();
  });

  it('is what glibc fails by where connections are taken and nothing is answered', async () => {
    const told = await story('db.example', [FIRST], udpAlone(SILENCE), bare, 'use-vc');
    expect(claim('dns-tcp-blocked', told, { flow })?.what).toContain('does not answer by TCP');
  });

  it('is nothing where TCP is answered, or another server gives the answer at once', async () => {
    const well = await story('db.example', [FIRST], good, bare, 'use-vc');
    expect(askedByTcpAlone(well, FIRST)).toBeUndefined();
    const second = await story(
      'db.example',
      [FIRST, SECOND],
      (one) =>
        one.server === FIRST && one.transport === 'tcp'
          ? { kind: 'error', errno: 'ECONNREFUSED' }
          : good(one),
      bare,
      'use-vc',
    );
    expect(askedByTcpAlone(second, FIRST)).toBeUndefined();
  });
});

describe('dns-libraries-differ', () => {
  it('is a search that musl ends at a name without an address', async () => {
    const told = await story(
      'db.example',
      [FIRST],
      (one) => (one.name.endsWith('.corp.example') ? says([]) : good(one)),
      { search: ['corp.example'], ndots: 5, bare: true },
    );
    expect(failsForSomebody(told)).toBe(true);
    expect(claim('dns-answer-refused', told)).toBeNull();
    expect(claim('dns-libraries-differ', told)?.why).toContain(
      'musl ends its search at db.example.corp.example, which 198.51.100.53 has without an address',
    );
  });

  it('is a search list that musl never tries', async () => {
    const told = await story(
      'db.prod',
      [FIRST],
      (one) => (one.name === 'db.prod.corp.example' ? good(one) : says([], 3)),
      { search: ['corp.example'], ndots: 1, bare: true },
    );
    expect(claim('dns-libraries-differ', told)).toMatchObject({
      why: expect.stringContaining('finds db.prod.corp.example'),
      do: 'Write the whole name (db.prod.corp.example).',
    });
  });

  it('is nothing where both get the same, or one alone is known', async () => {
    expect(claim('dns-libraries-differ', await story('db.example', [FIRST], good))).toBeNull();
    const musl = await story('db.prod', [FIRST], () => says([], 3), { library: 'musl' });
    expect(claim('dns-libraries-differ', musl)).toBeNull();
  });
});
