// include/uapi/linux/netlink.h, nfnetlink.h and nf_tables.h: enum nft_trace_attributes, enum nft_verdict_attributes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../../src/host/sockets/trace-listener.ts';

const aligned = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** A netlink attribute; `flags` are the two high bits of its type. */
function attribute(type: number, value: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + value.length, 0);
  head.writeUInt16LE(type | flags, 2);
  return aligned(Buffer.concat([head, value]));
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
};
const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};

const TRACE = (10 << 8) | 17;
const IPV4 = 2;

/** A netlink message of nf_tables. */
function message(attributes: readonly Buffer[], type = TRACE, family = IPV4): Buffer {
  const body = Buffer.concat([Buffer.from([family, 0, 0, 0]), ...attributes]);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(16 + body.length, 0);
  head.writeUInt16LE(type, 4);
  return Buffer.concat([head, body]);
}

const NESTED = 0x8000;
const DROP = 0;
const JUMP = -3;
const verdict = (code: number, chain?: string): Buffer =>
  attribute(
    5,
    Buffer.concat([attribute(1, u32(code)), ...(chain === undefined ? [] : [attribute(2, text(chain))])]),
    NESTED,
  );

const rule = message([
  attribute(1, text('filter')),
  attribute(2, text('DOCKER-USER')),
  attribute(3, u64(4_294_967_299n)),
  attribute(4, u32(3)),
  verdict(DROP),
  attribute(6, u32(0xcafe)),
  attribute(8, Buffer.from([0x45, 0, 0, 84])),
  attribute(9, Buffer.from([8, 0])),
  attribute(10, u32(7)),
  attribute(12, u32(9)),
]);

describe('a trace message', () => {
  test('a rule that drops: where, which, what it met', () => {
    expect([...decode(rule)]).toEqual([
      {
        id: 0xcafe,
        type: 'rule',
        family: IPV4,
        table: 'filter',
        chain: 'DOCKER-USER',
        handle: 4_294_967_299,
        verdict: DROP,
        jump: null,
        policy: null,
        ingress: 7,
        egress: 9,
        network: Uint8Array.from([0x45, 0, 0, 84]),
        transport: Uint8Array.from([8, 0]),
        mark: null,
      },
    ]);
  });

  test('a jump says whereto', () => {
    const jumps = message([attribute(4, u32(3)), verdict(JUMP, 'DOCKER-FORWARD')]);
    expect([...decode(jumps)]).toMatchObject([{ verdict: JUMP, jump: 'DOCKER-FORWARD' }]);
  });

  test('a policy has no rule', () => {
    const policy = message([attribute(2, text('FORWARD')), attribute(4, u32(1)), attribute(16, u32(DROP))]);
    expect([...decode(policy)]).toMatchObject([
      { type: 'policy', chain: 'FORWARD', handle: null, verdict: null, policy: DROP },
    ]);
  });

  test('several in one datagram, and what is no trace is passed over', () => {
    const newRule = message([attribute(1, text('filter'))], (10 << 8) | 6);
    const ipv6 = message([attribute(1, text('other'))], TRACE, 10);
    const found = [...decode(Buffer.concat([aligned(rule), aligned(newRule), ipv6]))];
    expect(found.map(({ table, family }) => [table, family])).toEqual([
      ['filter', IPV4],
      ['other', 10],
    ]);
  });

  test('with attributes that it does not know', () => {
    const later = message([attribute(99, u32(1)), attribute(1, text('filter'))]);
    expect([...decode(later)]).toMatchObject([{ table: 'filter' }]);
  });
});

test('no datagram is too strange: it ends, whatever lengths it claims', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw)),
    // One byte of a good message changed: as a length, an attribute's type, or its value.
    fc.tuple(fc.nat(23), fc.nat(255)).map(([at, value]) => {
      const changed = Buffer.from(rule);
      changed[at] = value;
      return changed;
    }),
  );
  fc.assert(fc.property(bytes, (datagram) => [...decode(datagram)].length <= datagram.length / 20));
});
