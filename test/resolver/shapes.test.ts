// One shape of a question is answered, and another is not: what the causes about names make of it.
import { describe, expect, it } from 'vitest';
import { causeOf } from '../../src/causes.ts';
import { shapesOf } from '../../src/discover/name/shapes.ts';
import { askedPlainly, deafToEdns } from '../../src/engine/asked-plainly.ts';
import { judge } from '../../src/engine/judge.ts';
import { flowsToServers } from '../../src/engine/named.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Asked, Library, LookUp, NameQuestion, Reply } from '../../src/model/look-up.ts';
import type { Scene } from '../../src/model/scene.ts';
import { lookUp } from '../../src/resolver/look-up.ts';
import { healthy, lostAt, silent } from '../causes/scene.ts';
import { SILENCE, says } from './replies.ts';

const SERVER = '198.51.100.53';
const NAME = 'web.example';

type Replies = (question: NameQuestion) => Reply;

/** As it is told: what the libraries ask, what is asked beside them, and what was asked in vain in other shapes. */
async function story(options: string, replies: Replies, library: Library | null = null): Promise<LookUp> {
  const asked: Asked[] = [];
  const put = async (question: NameQuestion): Promise<Reply> => {
    const reply = replies(question);
    asked.push({ ...question, reply });
    return reply;
  };
  const files = { resolvConf: `nameserver ${SERVER}\n${options}`, hosts: undefined, nsswitch: undefined };
  const setting = { files, families: [4, 6] as const, sourceOf: () => null };
  const libraries: readonly Library[] = library ? [library] : ['glibc', 'musl'];
  const outcomes = await Promise.all(libraries.map((one) => lookUp(one, NAME, setting, put)));
  for (const type of ['A', 'AAAA'] as const)
    await put({ server: SERVER, name: NAME, type, transport: 'udp' });
  const unheard = asked.find(({ reply }) => reply.kind !== 'answer');
  const others = unheard ? shapesOf(unheard) : [];
  return {
    name: NAME,
    sample: false,
    from: 'container',
    library,
    files: [],
    servers: [SERVER],
    search: [],
    ndots: 1,
    outcomes,
    asked,
    standIns: [],
    captured: null,
    rotates: false,
    control: null,
    shapes: others.map((question) => ({ ...question, reply: replies(question) })),
  };
}

const good: Replies = ({ type }) => says(type === 'A' ? ['192.0.2.1'] : []);
const EDNS = 'options edns0 trust-ad\n';

const lab = (lookUp: LookUp) => {
  const { flow, ...scene } = silent(healthy('outside', 4));
  return {
    ...scene,
    flow: { ...flow, proto: 'dns' as const, port: 53, address: SERVER, to: SERVER },
    lookUp,
  };
};
const claim = (id: string, told: LookUp) => causeOf(id)!.examine(lab(told) as never);

describe('a question in other shapes', () => {
  const question = { server: SERVER, name: 'Web.example', type: 'A', transport: 'udp' } as const;

  it('is put without its OPT record and its flag, for a name with a short answer, in small letters, and by TCP', () => {
    const shapes = shapesOf({ ...question, edns: true, trustAd: true });
    expect(shapes).toEqual([
      question,
      { ...question, edns: true },
      { ...question, edns: true, trustAd: true, name: 'netdoctor-no-such-name.Web.example' },
      { ...question, edns: true, trustAd: true, name: 'web.example' },
      { ...question, edns: true, trustAd: true, transport: 'tcp' },
    ]);
  });

  it('is never the same again', () => {
    const bare = { ...question, name: 'web.example' };
    expect(shapesOf(bare)).toEqual([{ ...bare, transport: 'tcp' }]);
    expect(shapesOf({ ...bare, transport: 'tcp' })).toEqual([bare]);
  });
});

describe('dns-edns-dropped', () => {
  const drops: Replies = (one) => (one.edns && one.transport === 'udp' ? SILENCE : good(one));

  it('is what glibc suffers under edns0, and musl never', async () => {
    const told = await story(EDNS, drops);
    expect(told.outcomes.map(({ addresses }) => addresses)).toEqual([[], ['192.0.2.1']]);
    expect(claim('dns-edns-dropped', told)).toMatchObject({
      sure: 'proved',
      what: expect.stringContaining('does not answer questions with EDNS'),
      why: expect.stringContaining('built on glibc'),
    });
    expect(claim('dns-edns-dropped', await story(EDNS, drops, 'musl'))).toBeNull();
    expect(claim('dns-edns-dropped', await story('', drops))).toBeNull();
  });

  it('shows both questions, with the dig that puts them so', async () => {
    const told = claim('dns-edns-dropped', await story(EDNS, drops));
    expect(told?.evidence?.map(({ source }) => source.join(' ').replace(/^.* dig/, 'dig'))).toEqual([
      `dig @${SERVER} +nocookie ${NAME} A`,
      `dig @${SERVER} +noedns ${NAME} A`,
    ]);
  });

  it('is refused by some, which leads to the server although musl is content', async () => {
    const told = await story(EDNS, (one) => (one.edns ? says([], 1) : good(one)));
    expect(claim('dns-edns-dropped', told)?.what).toContain('refuses questions with EDNS');
    expect(flowsToServers(told, {}).map(({ proto }) => proto)).toEqual(['dns']);
  });

  it('is another matter where only long answers are lost', async () => {
    const long: Replies = (one) => (one.name === NAME ? drops(one) : good(one));
    expect(claim('dns-edns-dropped', await story(EDNS, long))?.what).toContain('the long answer');
  });

  it('is nothing where all is answered, or nothing', async () => {
    expect(claim('dns-edns-dropped', await story(EDNS, good))).toBeNull();
    expect(claim('dns-edns-dropped', await story(EDNS, () => SILENCE))).toBeNull();
  });
});

it('dns-udp-blocked is a server that answers by TCP alone', async () => {
  const told = await story('', (one) => (one.transport === 'udp' ? SILENCE : good(one)));
  expect(claim('dns-udp-blocked', told)?.what).toContain('answers by TCP');
  expect(claim('dns-udp-blocked', await story('', () => SILENCE))).toBeNull();
  expect(claim('dns-udp-blocked', await story('', good))).toBeNull();
  // Answers that came in by the uplink were lost on this host.
  const here = { ...lab(told), ...lostAt(healthy('outside', 4), 3, 'reply') };
  const { flow, lookUp } = lab(told);
  expect(causeOf('dns-udp-blocked')!.examine({ ...here, flow, lookUp } as never)).toBeNull();
});

it('dns-udp-blocked is told beside the server’s silence, and gives way to what keeps its answers away', async () => {
  const told = await story('', (one) => (one.transport === 'udp' ? SILENCE : good(one)));
  const ids = (scene: object): string[] =>
    judge(scene as Scene, { lookUp: known(told, []) }).claims.map(({ cause }) => cause.id);
  expect(ids(lab(told))).toEqual(['dns-resolver-silent', 'dns-udp-blocked']);
  // Nobody tells what the kernel dropped, and a program stands where the answers would come in.
  const { path, ...rest } = lab(told);
  const hops = path.hops.map((hop) => ({ ...hop, link: { ...hop.link, xdp: 'xdp' as const } }));
  const control = { asked: true, answered: false, outcomes: [], says: 'nor is the host answered' };
  const drops = notKnown('unsupported', 'no trace', []);
  const host = { ...rest.stacks.host, links: hops.map(({ link }) => link) };
  const behind = { ...rest, path: { ...path, hops }, stacks: { ...rest.stacks, host }, control, drops };
  expect(ids(behind)[0]).toBe('xdp-drop');
});

it('dns-half-silent is a family that is never answered, or only by itself', async () => {
  const told = await story('', (one) => (one.type === 'AAAA' ? SILENCE : good(one)));
  expect(claim('dns-half-silent', told)?.what).toContain(`for ${NAME} A, and not that for AAAA`);
  const alone = { server: SERVER, name: NAME, type: 'AAAA', transport: 'udp', reply: says([]) } as const;
  expect(claim('dns-half-silent', { ...told, shapes: [alone] })?.do).toContain('single-request-reopen');
  // An option that musl does not read is no advice to its programs.
  const musl = { ...told, library: 'musl', outcomes: told.outcomes.slice(1), shapes: [alone] } as const;
  expect(claim('dns-half-silent', musl)?.do).not.toContain('single-request-reopen');
  expect(claim('dns-half-silent', await story('', good))).toBeNull();
});

it('dns-half-silent is also one of a pair that comes when it is put again, and is lost once more', async () => {
  const late: Replies = ({ type }) =>
    says(type === 'A' ? ['192.0.2.1'] : [], 0, type === 'A' ? {} : { again: true });
  const told = await story('', late);
  const half = { server: SERVER, name: NAME, type: 'AAAA', transport: 'udp' } as const;
  // By chance, or slowly: nobody lost it a second time.
  expect(claim('dns-half-silent', told)).toBeNull();
  expect(flowsToServers(told, {})).toEqual([]);
  const lost = {
    ...told,
    shapes: [
      { ...half, reply: SILENCE },
      { ...half, reply: says([]) },
    ],
  };
  expect(claim('dns-half-silent', lost)).toMatchObject({
    what: `${SERVER} answers but one of two questions that come together`,
    do: expect.stringContaining('single-request-reopen'),
  });
  expect(flowsToServers(lost, {}).map(({ address }) => address)).toEqual([SERVER]);
  const slow = {
    ...told,
    shapes: [
      { ...half, reply: SILENCE },
      { ...half, reply: SILENCE },
    ],
  };
  expect(claim('dns-half-silent', slow)).toBeNull();
});

describe('a probe that nobody answers', () => {
  const silence = { status: 'fault', cause: 'dns-resolver-silent', answered: 0, findings: [] } as const;
  const byRule = {
    ...silence,
    cause: 'firewall-rule-drop',
    findings: [{ what: 'a rule drops it' }] as never,
  } as const;

  it('is put without EDNS where such questions are answered, once', async () => {
    const told = story('', (one) => (one.edns ? SILENCE : good(one)));
    const { flow } = lab(await told);
    const plain = await askedPlainly(flow as never, silence, told);
    expect(plain?.plain).toBe(true);
    expect(await askedPlainly(plain!, silence, told)).toBeUndefined();
  });

  it('is no more than it was where the server is silent', async () => {
    const told = story('', () => SILENCE);
    const { flow } = lab(await told);
    expect(await askedPlainly(flow as never, silence, told)).toBeUndefined();
  });

  it('is put as the libraries put theirs, where those are answered and a rule ends it', async () => {
    const told = story('', good);
    const { flow } = lab(await told);
    expect(await askedPlainly(flow as never, byRule, told)).toMatchObject({ plain: true });
    expect(deafToEdns(flow, byRule).because).toContain('a rule drops it');
    expect(await askedPlainly(flow as never, { ...byRule, answered: 1 }, told)).toBeUndefined();
  });

  it('is what the libraries put, where those ask with EDNS', async () => {
    const told = story('options edns0', (one) => (one.edns ? SILENCE : good(one)));
    const { flow } = lab(await told);
    expect(await askedPlainly(flow as never, byRule, told)).toBeUndefined();
  });
});
