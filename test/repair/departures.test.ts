import { expect, it } from 'vitest';
import type { Machine, PacketFrame } from '../../src/host/machine.ts';
import { type Answer, known, notKnown } from '../../src/model/answer.ts';
import type { ProbeRun } from '../../src/probe/kind.ts';
import { probeKindOf } from '../../src/probe/kinds.ts';
import { watchDepartures } from '../../src/repair/bystanders/departures.ts';

const IPV4 = 0x0800;
const [ICMP, TCP, UDP, ESP] = [1, 6, 17, 50];
const OWN = new Set(['10.88.0.1']);

/** A machine with one packet socket, which is shown frames, and what its file of queues holds. */
function machine(queues = '', lost = 0) {
  let show: (frame: PacketFrame) => void = () => {};
  const value = { look() {}, statistics: () => ({ seen: 0, lost }), onlyOn() {}, stop: async () => {} };
  return {
    machine: {
      read: (): Answer<string> => known(queues, []),
      packets: (_: null, __: unknown, onFrame: (frame: PacketFrame) => void) => {
        show = onFrame;
        return known(value, []);
      },
    } as unknown as Machine,
    show: (direction: 'in' | 'out', bytes: Uint8Array) =>
      show({ direction, bytes, protocol: IPV4 } as PacketFrame),
  };
}

function ip(protocol: number, destination: string, payload: Uint8Array): Uint8Array {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  header.set([10, 88, 0, 3], 12);
  header.set(destination.split('.').map(Number), 16);
  return Buffer.concat([header, payload]);
}

const runTo = (address: string, proto: 'icmp' | 'tcp' | 'dns', token = 0x12345678): ProbeRun => ({
  flow: { to: address, question: 'localhost', address, proto, port: 80, family: 4, from: 'host' },
  count: 1,
  first: 0,
  token,
  lengths: [84],
  ports: [40000],
  realDestination: address,
  sequences: new Map(),
});

const ping = (run: ProbeRun): Uint8Array => ip(ICMP, run.flow.address, probeKindOf('icmp').payload(run, 0)!);

function syn(source: number, port: number, sequence: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(source, 0);
  header.writeUInt16BE(port, 2);
  header.writeUInt32BE(sequence, 4);
  header.writeUInt8(0x50, 12);
  header.writeUInt8(2, 13);
  return header;
}

function udp(port: number, payload: Uint8Array): Uint8Array {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(40000, 0);
  header.writeUInt16BE(port, 2);
  header.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([header, payload]);
}

const question = (run: ProbeRun): Uint8Array => probeKindOf('dns').payload(run, 0)!;

it('a request that came in and went nowhere is stuck; one that left, or never came, is not', () => {
  const { machine: host, show } = machine();
  const departures = watchDepartures(host, OWN)!;
  const runs = [1, 2, 3].map((token) => runTo('198.51.100.1', 'icmp', 0x1000_0000 + token));
  for (const run of runs) departures.follow(probeKindOf('icmp'), run);
  const [stuck, left] = runs as [ProbeRun, ProbeRun, ProbeRun];
  show('in', ping(stuck));
  show('in', ping(left));
  show('out', ping(left));
  expect(runs.map((run) => departures.isStuck(run))).toEqual([true, false, false]);
});

it('a connection is followed through NAT by its sequence number', () => {
  const { machine: host, show } = machine();
  const departures = watchDepartures(host, OWN)!;
  const run = runTo('192.0.2.1', 'tcp');
  departures.follow(probeKindOf('tcp'), run);
  show('in', ip(TCP, '192.0.2.1', syn(40000, 80, 77)));
  expect(departures.isStuck(run)).toBe(true);
  show('out', ip(TCP, '10.88.0.2', syn(51000, 8080, 77)));
  expect(departures.isStuck(run)).toBe(false);
});

it('an answer that came in and went nowhere is stuck as well', () => {
  const { machine: host, show } = machine();
  const departures = watchDepartures(host, OWN)!;
  const run = runTo('10.88.0.2', 'icmp');
  departures.follow(probeKindOf('icmp'), run);
  for (const direction of ['in', 'out'] as const) show(direction, ping(run));
  const answer = ping(run);
  answer[20] = 0;
  show('in', answer);
  expect(departures.isStuck(run)).toBe(true);
  show('out', answer);
  expect(departures.isStuck(run)).toBe(false);
});

it('so is a refusal', () => {
  const { machine: host, show } = machine();
  const departures = watchDepartures(host, OWN)!;
  const run = runTo('10.88.0.2', 'tcp');
  departures.follow(probeKindOf('tcp'), run);
  for (const direction of ['in', 'out'] as const) show(direction, ip(TCP, '10.88.0.2', syn(40000, 80, 77)));
  const refusal = syn(80, 40000, 0);
  refusal.writeUInt32BE(78, 8);
  refusal.writeUInt8(0x14, 13);
  expect(departures.isStuck(run)).toBe(false);
  show('in', ip(TCP, '10.88.0.3', refusal));
  expect(departures.isStuck(run)).toBe(true);
});

it('what went out in a disguise may have been any of them', () => {
  for (const disguise of [
    ip(ESP, '192.0.2.9', Buffer.alloc(40)),
    ip(UDP, '192.0.2.9', udp(4500, Buffer.alloc(40))),
  ]) {
    const { machine: host, show } = machine();
    const departures = watchDepartures(host, OWN)!;
    const run = runTo('198.51.100.1', 'icmp');
    departures.follow(probeKindOf('icmp'), run);
    show('in', ping(run));
    show('out', disguise);
    expect(departures.isStuck(run)).toBe(false);
  }
});

it('a name server that lives here, or asks another one, may take its time', () => {
  const { machine: host, show } = machine();
  const departures = watchDepartures(host, OWN)!;
  const [here, far] = [runTo('10.88.0.1', 'dns', 5), runTo('198.51.100.53', 'dns', 9)];
  for (const run of [here, far]) departures.follow(probeKindOf('dns'), run);
  show('in', ip(UDP, '10.88.0.1', udp(53, question(here))));
  show('in', ip(UDP, '198.51.100.53', udp(53, question(far))));
  expect([here, far].map((run) => departures.isStuck(run))).toEqual([false, true]);
  show('out', ip(UDP, '192.0.2.53', udp(53, question(runTo('192.0.2.53', 'dns', 77)))));
  expect(departures.isStuck(far)).toBe(false);
});

it('nothing is said where frames were lost, packets may be held back, or nobody can look', () => {
  const { machine: busy, show } = machine('', 1);
  const departures = watchDepartures(busy, OWN)!;
  const run = runTo('198.51.100.1', 'icmp');
  departures.follow(probeKindOf('icmp'), run);
  show('in', ping(run));
  expect(departures.isStuck(run)).toBe(false);
  expect(
    watchDepartures(machine('    0  31621     0 2 65531     0     0        0  1\n').machine, OWN),
  ).toBeNull();
  const blind = { ...machine().machine, packets: () => notKnown('no-permission', 'EPERM', []) };
  expect(watchDepartures(blind as unknown as Machine, OWN)).toBeNull();
});
