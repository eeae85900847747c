import { describe, expect, test } from 'vitest';
import kind from '../../../src/probe/kinds/icmp.ts';
import { icmp, ip, PROTOCOL } from '../../wire/frame.ts';
import { back, ENDS, ends, noHost, packetOf, runOf } from '../asked.ts';

/** The sum of all 16-bit words of a message whose checksum is right: RFC 1071. */
function summed(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) + (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

describe.each([4, 6] as const)('IPv%i', (family) => {
  const run = runOf({ family });
  const protocol = family === 4 ? PROTOCOL.icmp : PROTOCOL.icmp6;
  const [request, reply] = family === 4 ? [8, 0] : [128, 129];
  const sent = (probe: number): Uint8Array => kind.payload(run, probe)!;
  /** The probe as the far end answers it. */
  const answered = (probe: number): Uint8Array => Uint8Array.from([reply, ...sent(probe).subarray(1)]);

  test('each probe is an echo request of its own length', () => {
    const header = family === 4 ? 20 : 40;
    for (const probe of [0, 1, 2]) {
      expect(sent(probe)[0]).toBe(request);
      expect(sent(probe).length + header).toBe(run.lengths[probe]);
    }
    expect(new Set([0, 1, 2].map((probe) => Buffer.from(sent(probe)).toString('hex'))).size).toBe(3);
  });

  test('seen on a hop, and its answer', () => {
    expect(kind.recognise(run, packetOf(ends(family), protocol, sent(1)))).toEqual({
      kind: 'request',
      probe: 1,
      says: null,
    });
    expect(kind.recognise(run, packetOf(back(family), protocol, answered(2)))).toEqual({
      kind: 'reply',
      probe: 2,
      says: null,
    });
  });

  test('through NAT: another source and another id change nothing', () => {
    const rewritten = Uint8Array.from(sent(0));
    rewritten.set([0x12, 0x34], 4);
    const leaving = { source: ENDS[family].host, destination: ENDS[family].destination };
    expect(kind.recognise(run, packetOf(leaving, protocol, rewritten))).toMatchObject({
      kind: 'request',
      probe: 0,
    });
  });

  test('an error about it, from whoever sends it', () => {
    const error = noHost(family, ip(ends(family), protocol, sent(1)));
    expect(kind.recognise(run, error)).toEqual({
      kind: 'error',
      probe: 1,
      says: family === 4 ? 'host unreachable' : 'address unreachable',
    });
  });

  test("somebody else's ping is nothing", () => {
    const other = kind.payload({ ...run, token: 7 }, 0)!;
    expect(kind.recognise(run, packetOf(ends(family), protocol, other))).toBeNull();
    expect(kind.recognise(run, noHost(family, ip(ends(family), protocol, other)))).toBeNull();
    expect(
      kind.recognise(run, packetOf(ends(family), protocol, icmp(request, 0, 0, new Uint8Array(2)))),
    ).toBeNull();
  });

  test('the socket knows the answer, and not its own question or a stranger’s', () => {
    const delivered = (bytes: Uint8Array): Uint8Array =>
      family === 4 ? ip(back(4), protocol, bytes) : bytes;
    expect(kind.answers(run, delivered(answered(2)), 0)).toEqual({ probe: 2, says: null });
    expect(kind.answers(run, delivered(sent(2)), 0)).toBeNull();
    expect(kind.answers({ ...run, token: 7 }, delivered(answered(2)), 0)).toBeNull();
    expect(kind.answers(run, new Uint8Array(), 0)).toBeNull();
  });
});

test('the checksum of IPv4 is right; the kernel makes that of IPv6', () => {
  for (const probe of [0, 1, 2]) expect(summed(kind.payload(runOf(), probe)!)).toBe(0xffff);
  expect(kind.payload(runOf({ family: 6 }), 0)!.subarray(2, 4)).toEqual(Buffer.alloc(2));
});

test('the kernel lets through the token alone', () => {
  expect(kind.filter(runOf())).toContain('icmp[8:4] = 0x8badf00d');
  expect(kind.filter(runOf({ family: 6 }))).toContain('ip6[48:4] = 0x8badf00d');
});
