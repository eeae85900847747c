// Records as a Linux 6.18 wrote them into a ring.
import { expect, it } from 'vitest';
import { parseFormat } from '../../../src/host/trace/format.ts';
import { decodeRecord } from '../../../src/host/trace/sample.ts';
import { DROP, DROP_5_10, QUEUE } from './formats.ts';

const formats = new Map([QUEUE, DROP, DROP_5_10].map(parseFormat).map((format) => [format!.id, format!]));
const QUEUED =
  '0900000001004000f4460000f446000018e91a2ecc0d000000000000000000001c00000000098001f44600000042568f8588ffff3a010000180003006c6f0000';
const DROPPED =
  '09000000010050001600000016000000f07af538cc0d000001000000000000002c0000000609100116000000004e568f8588ffffb857f681ffffffff0000000000000000000800000c00000000000000';
const decode = (hex: string) => decodeRecord(Buffer.from(hex, 'hex'), formats);

it('a packet on a device, with its moment, its thread and its length', () => {
  expect(decode(QUEUED)).toEqual({
    at: 0xdcc2e1ae918n,
    address: null,
    event: {
      pid: 0x46f4,
      cpu: 0,
      event: 'net_dev_queue',
      skb: 'ffff88858f564200',
      device: 'lo',
      length: 314,
      reason: null,
    },
  });
});

it('a drop, with the reason in the kernel’s own word and the address of the code', () => {
  expect(decode(DROPPED)).toMatchObject({
    at: 0xdcc38f57af0n,
    address: 0xffffffff81f657b8n,
    event: { pid: 22, cpu: 1, event: 'kfree_skb', device: null, length: null, reason: 'NETFILTER_DROP' },
  });
  // A reason that the format has no name for is told by its number.
  expect(decode(DROPPED.replace('0c0000000000000', '0d0000000000000'))).toMatchObject({
    event: { reason: '13' },
  });
});

it('a kernel that tells no reasons', () => {
  const old = Buffer.from(DROPPED, 'hex');
  old.writeUInt16LE(1500, 36);
  expect(decodeRecord(old, formats)).toMatchObject({ address: 0xffffffff81f657b8n, event: { reason: null } });
});

it('what was lost, and what is nothing', () => {
  const lost = Buffer.alloc(24);
  lost.writeUInt32LE(2, 0);
  lost.writeBigUInt64LE(7n, 16);
  expect(decodeRecord(lost, formats)).toEqual({ lost: 7 });
  expect(decodeRecord(lost.subarray(0, 16), formats)).toBeUndefined();
  expect(decode(QUEUED.slice(0, 40))).toBeUndefined();
  // A record cut short within the event, and one of a tracepoint nobody asked for.
  expect(decode(QUEUED.slice(0, 80))).toBeUndefined();
  expect(decodeRecord(Buffer.from(QUEUED, 'hex'), new Map())).toBeUndefined();
});
