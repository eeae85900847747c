import { describe, expect, it } from 'vitest';
import { nameless } from '../../src/engine/nameless.ts';
import type { LookUp, Outcome, RecordType } from '../../src/model/look-up.ts';
import { says } from '../resolver/replies.ts';

const SERVER = '198.51.100.53';
const NAME = 'web.example';
const flow = { proto: 'dns', address: SERVER } as never;

const put = (type: RecordType) => ({ server: SERVER, name: NAME, type, transport: 'udp' }) as const;

function story(error: Outcome['error'], families: readonly RecordType[] = ['A', 'AAAA']): LookUp {
  const questions = families.map(put);
  const addresses = error ? [] : ['192.0.2.1'];
  return {
    name: NAME,
    sample: false,
    servers: [SERVER],
    asked: questions.map((one) => ({ ...one, reply: says(addresses) })),
    outcomes: [{ library: 'glibc', addresses, error, source: 'dns', asked: NAME, waited: 0, questions }],
  } as unknown as LookUp;
}

describe('a name that a server answers for', () => {
  it('has no address in either family: a note says that no program gets one', () => {
    expect(nameless(flow, story('no-address'))).toEqual([
      {
        what: `whether ${NAME} should have an address`,
        because: expect.stringContaining('a program that looks it up gets none'),
      },
    ]);
  });

  it('has one, is not there, was asked for one family only, or was named by nobody', () => {
    expect(nameless(flow, story(null))).toEqual([]);
    expect(nameless(flow, story('no-such-name'))).toEqual([]);
    expect(nameless(flow, story('no-address', ['A']))).toEqual([]);
    expect(nameless(flow, { ...story('no-address'), sample: true })).toEqual([]);
    expect(nameless({ proto: 'tcp', address: SERVER } as never, story('no-address'))).toEqual([]);
  });
});
