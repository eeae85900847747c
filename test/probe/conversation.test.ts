import { expect, it } from 'vitest';
import { ofConversation } from '../../src/probe/conversation.ts';
import type { ProbeRun } from '../../src/probe/kind.ts';
import type { Packet, Tcp } from '../../src/wire/packet.ts';

const run = {
  flow: { address: '198.51.100.1', port: 80, family: 4 },
  realDestination: '198.51.100.1',
  ports: [40_000],
  sequences: new Map([[0, 0xffff_ffff]]),
  conversation: { over: 0, probe: 6, said: 90 },
} as unknown as ProbeRun;

function packet(about: Partial<Tcp>, ends: Partial<Packet> = {}): Packet {
  const tcp: Tcp = {
    sourcePort: 80,
    destinationPort: 40_000,
    sequence: 5000,
    acknowledgement: 0,
    syn: false,
    ack: true,
    rst: false,
    payload: 0,
    ...about,
  };
  const macs = { sourceMac: null, destinationMac: null };
  return {
    family: 4,
    source: '198.51.100.1',
    destination: '10.88.0.2',
    ...macs,
    ttl: 64,
    length: 60,
    tcp,
    ...ends,
  };
}

it('knows its own first segment by its number, which may have gone round', () => {
  const own = packet({ sourcePort: 61_234, destinationPort: 80, sequence: 0, payload: 90 });
  expect(ofConversation(run, own)).toMatchObject({ kind: 'request', probe: 6 });
  expect(ofConversation(run, packet({ sequence: 0, payload: 0 }))).toBeNull();
});

it('knows an answer by what it acknowledges, and no bare acknowledgement', () => {
  expect(ofConversation(run, packet({ acknowledgement: 90, payload: 12 }))).toMatchObject({
    kind: 'reply',
    probe: 6,
  });
  expect(ofConversation(run, packet({ acknowledgement: 90 }))).toBeNull();
  expect(ofConversation(run, packet({ acknowledgement: 5000, payload: 12 }))).toBeNull();
});

it('knows a reset that acknowledges, and one that only goes to its port', () => {
  expect(ofConversation(run, packet({ acknowledgement: 0, rst: true }))?.kind).toBe('refusal');
  expect(ofConversation(run, packet({ acknowledgement: 0, ack: false, rst: true }))?.kind).toBe('refusal');
  const others = packet({ ack: false, rst: true, acknowledgement: 7000, destinationPort: 41_000 });
  expect(ofConversation(run, others)).toBeNull();
});

it('is no part of the handshake, and knows nothing before it has begun', () => {
  expect(ofConversation(run, packet({ syn: true, acknowledgement: 0, payload: 0 }))).toBeNull();
  const { conversation: _, ...before } = run;
  expect(ofConversation(before as ProbeRun, packet({ acknowledgement: 90, payload: 12 }))).toBeNull();
});

it('knows an error about its segment, and none about the SYN before it', () => {
  const quoting = (sequence: number): Packet =>
    packet(
      {},
      {
        icmp: { type: 11, code: 0, id: 0, sequence: 0, mtu: 0, payload: new Uint8Array() },
        quoted: packet({ sequence }),
      },
    );
  expect(ofConversation(run, quoting(0))).toMatchObject({ kind: 'error', says: 'time to live exceeded' });
  expect(ofConversation(run, quoting(0xffff_ffff))).toBeNull();
});
