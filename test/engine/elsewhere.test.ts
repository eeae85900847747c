import { describe, expect, it } from 'vitest';
import { doorsBeside, Elsewhere } from '../../src/engine/run/elsewhere.ts';
import type { Machine, PacketFrame } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import { healthy } from '../causes/scene.ts';

const SYN = 0x02;
const ACK = 0x10;
const RST = 0x04;

/** IPv4 and TCP without options: RFC 791, RFC 9293. */
function segment(from: string, to: string, port: number, flags: number): Uint8Array {
  const bytes = Buffer.alloc(40);
  bytes.set([
    0x45,
    0,
    0,
    40,
    0,
    0,
    0,
    0,
    64,
    6,
    0,
    0,
    ...[from, to].flatMap((one) => one.split('.').map(Number)),
  ]);
  bytes.writeUInt16BE(40000, 20);
  bytes.writeUInt16BE(port, 22);
  bytes.set([0x50, flags], 32);
  return bytes;
}

/** A host with a second uplink, and who comes in by which. */
function listening(overrides: { readonly anyAddress?: true }) {
  const { flow, path, stacks } = healthy('from-outside');
  const [up0] = stacks.host.links.filter(({ name }) => name === 'up0');
  const up1 = {
    ...up0!,
    name: 'up1',
    ifindex: 91,
    addresses: up0!.addresses.map((one) => ({ ...one, address: '192.168.77.1' })),
  };
  const host = { ...stacks.host, links: [...stacks.host.links, up1] };
  let hear = (_frame: PacketFrame): void => {};
  let now = 0n;
  let told = 0;
  const plans: unknown[] = [];
  const machine = {
    now: () => now,
    packets: (_where: null, plan: unknown, onFrame: typeof hear) => {
      plans.push(plan);
      hear = onFrame;
      return known({ stop: () => {}, look: () => {} }, []);
    },
  } as unknown as Machine;
  const elsewhere = new Elsewhere(machine, { flow: { ...flow, ...overrides }, path, host });
  elsewhere.tell = () => told++;
  return {
    elsewhere,
    plans,
    told: () => told,
    door: doorsBeside(host, flow, path).map(({ name }) => name),
    port: flow.port!,
    address: flow.address,
    comes(to: string, port: number, flags: number, ifindex = 91, at = 0n) {
      now = at;
      hear({
        bytes: segment('203.0.113.9', to, port, flags),
        protocol: 0x0800,
        senderMac: null,
        ifindex,
      } as PacketFrame);
    },
  };
}

describe('somebody who comes by another uplink', () => {
  it('is heard by one socket, of what comes in there alone', () => {
    const { door, plans } = listening({ anyAddress: true });
    expect(door).toEqual(['up1']);
    expect(plans).toEqual([expect.objectContaining({ devices: [expect.any(Number), 91], light: true })]);
  });

  it('and not beside a flood of what belongs to other connections: that is left out then', () => {
    const { elsewhere, comes, plans, port } = listening({ anyAddress: true });
    for (let packet = 0; packet < 2000; packet++) comes('192.168.77.1', port, ACK);
    expect(plans.at(-1)).toMatchObject({ filter: expect.stringContaining('tcp[13] & 18 = 2') });
    comes('192.168.77.1', port, SYN);
    expect(elsewhere.came).toMatchObject({ device: 'up1' });
  });

  it('for any address of this host where none was named', () => {
    const { elsewhere, comes, port, told } = listening({ anyAddress: true });
    comes('192.168.77.1', port, SYN);
    expect(elsewhere.came).toMatchObject({ address: '192.168.77.1', device: 'up1' });
    expect(told()).toBe(1);
  });

  it('and for the one that was named alone, where one was', () => {
    const { elsewhere, comes, port, address } = listening({});
    comes('192.168.77.1', port, SYN);
    expect(elsewhere.came).toBeUndefined();
    comes(address, port, SYN);
    expect(elsewhere.came).toMatchObject({ address, device: 'up1' });
  });

  it('is nobody where it is for somebody else, or in the middle of a connection', () => {
    const { elsewhere, comes, port } = listening({ anyAddress: true });
    comes('198.51.100.7', port, SYN);
    comes('192.168.77.1', port, ACK);
    comes('192.168.77.1', port, SYN, 7);
    expect(elsewhere.came).toBeUndefined();
  });

  it('has had his answer when he acknowledges it, and not when he gives up', () => {
    const { elsewhere, comes, port } = listening({ anyAddress: true });
    comes('192.168.77.1', port, SYN, 91, 1_000_000n);
    const { visitor } = elsewhere.came!;
    comes('192.168.77.1', port, RST | ACK, 91, 2_000_000n);
    expect(visitor.answered()).toBeNull();
    comes('192.168.77.1', port, ACK, 91, 3_000_000n);
    expect(visitor.answered()).toMatchObject({ result: 'answered', microseconds: 2000 });
    expect(visitor.request).toMatchObject({ hop: 'host/up1', kind: 'request', source: '203.0.113.9' });
  });
});
