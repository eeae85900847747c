/** What somebody else knows of a name that the container's servers deny, or never ask for. */
import { describe, expect, it } from 'vitest';
import { causeOf } from '../../src/causes.ts';
import { withStory } from '../../src/engine/name-advice.ts';
import { flowInstead, flowsToServers, Unresolved } from '../../src/engine/named.ts';
import type { Asked, Elsewhere, LookUp, Outcome } from '../../src/model/look-up.ts';
import { serversBeyond } from '../../src/resolver/configuration.ts';
import { isDenied } from '../../src/resolver/story.ts';
import { healthy, silent } from '../causes/scene.ts';
import { says } from './replies.ts';

const SERVER = '10.88.0.1';
const question = { server: SERVER, name: 'cloud.home.example', type: 'A', transport: 'udp' } as const;
const outcome: Outcome = {
  library: 'glibc',
  addresses: [],
  error: 'no-address',
  source: null,
  asked: null,
  waited: 0,
  questions: [question],
};

const story = (more: Partial<LookUp> = {}): LookUp => ({
  name: 'cloud.home.example',
  sample: false,
  from: 'container',
  library: 'glibc',
  files: [],
  servers: [SERVER],
  search: [],
  ndots: 1,
  outcomes: [outcome],
  asked: [{ ...question, reply: says([]) }],
  standIns: [],
  captured: null,
  rotates: false,
  control: null,
  ...more,
});

const upstream = (addresses: string[], inTurn = true): Elsewhere => ({
  ...question,
  server: '198.51.100.53',
  reply: says(addresses),
  inTurn,
});

const claim = (id: string, lookUp: LookUp) => causeOf(id)!.examine({ ...healthy(), lookUp } as never);

describe('dns-answer-refused: an answer kept back', () => {
  it('names both answers, and rebind protection where the address is private', () => {
    const told = story({ elsewhere: [upstream(['10.88.0.3'])] });
    expect(isDenied(told)).toBe(false);
    const said = claim('dns-answer-refused', told);
    expect(said?.what).toContain('10.88.0.1 says that there is no address for cloud.home.example');
    expect(said?.why).toMatch(/198\.51\.100\.53, which it asks in turn, answers 10\.88\.0\.3.*rebind/);
    expect(said?.do).toContain('--rebind-domain-ok=/home.example/');
    expect(said?.evidence?.map(({ says }) => says)).toHaveLength(2);
  });

  it('speaks of a filter or another view where the address is public', () => {
    const said = claim('dns-answer-refused', story({ elsewhere: [upstream(['203.0.113.7'], false)] }));
    expect(said?.why).toContain('which this host asks for itself');
    expect(`${said?.why} ${said?.do}`).not.toContain('rebind');
  });

  it('is none where nobody knows the name', () => {
    const told = story({ elsewhere: [upstream([])] });
    expect(isDenied(told)).toBe(true);
    expect(claim('dns-answer-refused', told)).toBeNull();
  });
});

describe('dns-answer-refused: another server answered', () => {
  const ledTo = (passedOver: string | null, addresses: string[] = []): Elsewhere => ({
    ...upstream(addresses, false),
    led: { from: SERVER, passedOver },
  });
  const flow = { ...healthy().flow, proto: 'dns', port: 53, address: SERVER, to: SERVER };
  const toServer = (lookUp: LookUp) =>
    causeOf('dns-answer-refused')!.examine({ ...healthy(), flow, lookUp } as never);

  it('names who answered, and whom nobody asked', () => {
    const told = story({ elsewhere: [ledTo('aardvark-dns')] });
    expect(isDenied(told)).toBe(false);
    expect(flowsToServers(told, {}).map(({ proto, address }) => [proto, address])).toEqual([['dns', SERVER]]);
    const said = toServer(told);
    expect(said?.what).toMatch(/what is asked of 10\.88\.0\.1 to 198\.51\.100\.53, which says/);
    expect(said?.why).toMatch(/past aardvark-dns, which listens on 10\.88\.0\.1.*cannot be told/);
    expect(said?.do).toContain('Leave 10.88.0.1 out of the rule');
  });

  it('tells what the one that was meant has, where the rule lets the host come to it', () => {
    const control = { ...question, reply: says(['10.88.0.3']) };
    const said = toServer(story({ elsewhere: [ledTo(null)], control }));
    expect(said?.why).toContain('Asked by the host, 10.88.0.1 has 10.88.0.3.');
  });

  it('is a mere denial where nobody is passed over, and says who it is that denies', () => {
    const told = story({ elsewhere: [ledTo(null)] });
    expect(isDenied(told)).toBe(true);
    expect(toServer(told)).toBeNull();
    expect(() => flowInstead(new Unresolved(told), {} as never)).toThrow(
      'It is 198.51.100.53 that says so: a rule of this host leads there what is asked of 10.88.0.1.',
    );
  });
});

describe('dns-not-asked', () => {
  const files = [{ file: '/etc/nsswitch.conf', text: 'passwd: files\nhosts: files\n', because: null }];
  const asked: Asked[] = [{ ...question, reply: says(['192.0.2.1']) }];
  const left = { ...outcome, error: 'no-such-name', questions: [] } as const;

  it('shows the line, and what the DNS has', () => {
    const said = claim('dns-not-asked', story({ files, asked, outcomes: [left] }));
    expect(said?.what).toBe('/etc/nsswitch.conf keeps look-ups from the DNS: hosts: files');
    expect(said?.why).toContain('10.88.0.1 has 192.0.2.1');
  });

  it('needs a name that the DNS has, and a library that did not ask', () => {
    expect(claim('dns-not-asked', story({ files, outcomes: [left] }))).toBeNull();
    expect(claim('dns-not-asked', story({ files, asked }))).toBeNull();
    expect(
      claim('dns-not-asked', story({ files, asked, outcomes: [{ ...left, library: 'musl' }] })),
    ).toBeNull();
  });
});

describe('what a story adds to a finding', () => {
  const said = { sure: 'proved', what: 'w', why: 'y.', do: 'd.' } as const;
  const lost = (more: object) => {
    const lab = silent(healthy());
    return { ...lab, flow: { ...lab.flow, ...more } } as never;
  };

  it('servers behind the third are told, and whether one of them answers', () => {
    const told = story({ unasked: [{ server: '198.51.100.53', answers: true }] });
    const dns = lost({ proto: 'dns', port: 53 });
    expect(withStory(said, dns, told).why).toMatch(
      /behind the first three.*never that one, although 198\.51\.100\.53 answers/,
    );
    expect(withStory(said, lost({}), told)).toEqual(said);
    expect(withStory(said, dns, story())).toEqual(said);
  });

  it('an address out of a hosts file is told as that, with what the DNS has', () => {
    const name = 'cloud.home.example';
    const files = [{ file: '/etc/netns/a/hosts', text: `10.88.0.77 ${name}`, because: null }];
    const outcomes = [{ ...outcome, error: null, source: 'files', addresses: ['10.88.0.77'] } as const];
    const asked: Asked[] = [{ ...question, reply: says(['10.88.0.3']) }];
    const told = story({ files, outcomes, asked });
    const flow = { to: `${name}:80`, address: '10.88.0.77', proto: 'tcp', port: 80 };
    expect(withStory(said, lost(flow), told).why).toMatch(
      /stands in \/etc\/netns\/a\/hosts.*10\.88\.0\.1 has 10\.88\.0\.3/,
    );
    expect(withStory(said, lost({ ...flow, address: '10.88.0.3' }), told)).toEqual(said);
    const same = story({ files, outcomes, asked: [{ ...question, reply: says(['10.88.0.77']) }] });
    expect(withStory(said, lost(flow), same)).toEqual(said);
  });
});

it('a C library asks three servers', () => {
  const text = ['a 1', ...[1, 2, 3, 4, 5].map((n) => `nameserver 192.0.2.${n}`), 'nameserver none'].join(
    '\n',
  );
  expect(serversBeyond(text)).toEqual(['192.0.2.4', '192.0.2.5']);
  expect(serversBeyond('nameserver 192.0.2.1\n')).toEqual([]);
  // As for those that are asked, a line that ends with a carriage return counts for none.
  expect(serversBeyond(text.replaceAll('\n', '\r\n'))).toEqual([]);
});
