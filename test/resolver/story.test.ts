/** What the story of a name tells, and what the causes about names make of it. */
import { describe, expect, it } from 'vitest';
import { causeOf } from '../../src/causes.ts';
import type { Asked, Library, LookUp, NameQuestion, Reply } from '../../src/model/look-up.ts';
import { lookUp } from '../../src/resolver/look-up.ts';
import { contradicted, costlyServers, cutAnswer, isDenied, refusal } from '../../src/resolver/story.ts';
import { healthy } from '../causes/scene.ts';
import { SILENCE, says } from './replies.ts';

const FIRST = '198.51.100.53';
const SECOND = '198.51.100.54';

async function story(
  name: string,
  servers: readonly string[],
  replies: (question: NameQuestion) => Reply,
  more: Partial<LookUp> = {},
): Promise<LookUp> {
  const asked: Asked[] = [];
  const resolvConf = servers.map((server) => `nameserver ${server}\n`).join('');
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
    files: [],
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
    const told = await story('db.example', [FIRST], ({ type }) =>
      type === 'A' ? says(['192.0.2.1']) : says([], 5),
    );
    const { target } = healthy('outside', 4);
    expect(claim('dns-answer-refused', told, { target: { ...target, pid: 4242 } })).toBeNull();
    expect(claim('dns-answer-refused', told, { target: { ...target, pid: null } })).not.toBeNull();
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
